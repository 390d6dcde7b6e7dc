// Installs MLflow once a machine (in the user's cache folder, by version) and starts its server in a folder of its own.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { must, placeOf } from '../install.ts'

const VERSION = '3.17.2'

export interface RunningMlflow {
  readonly url: string
  stop(): void
}

/** Ready when `/health` answers; three minutes at most. */
export async function startMlflow(): Promise<RunningMlflow> {
  const command = install()
  const folder = mkdtempSync(join(tmpdir(), 'tutela-mlflow-'))
  const port = await freePort()
  const log = join(folder, 'log.txt')
  const out = openSync(log, 'w')
  const words = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1']
  const places = ['--backend-store-uri', 'sqlite:///m.db', '--artifacts-destination', './art']
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' }
  const server = spawn(command, [...words, ...places], {
    cwd: folder,
    stdio: ['ignore', out, out],
    detached: true,
    env,
  })
  const stop = () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; waited < 180 && server.exitCode === null; waited += 0.5) {
    if (await isHealthy(url)) return { url, stop }
    await sleep(500)
  }
  const told = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')
  stop()
  throw new Error(`MLflow does not start:\n${told}`)
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}

function install(): string {
  const home = placeOf(`mlflow-${VERSION}`)
  const command = join(home, 'bin', 'mlflow')
  if (existsSync(command)) return command
  mkdirSync(home, { recursive: true })
  must('python3', ['-m', 'venv', home])
  must(join(home, 'bin', 'pip'), ['install', '-q', `mlflow==${VERSION}`])
  return command
}
