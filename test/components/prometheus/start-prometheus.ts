// A Prometheus in a folder of its own, which scrapes one address every half second.
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

export interface RunningPrometheus {
  readonly url: string
  stop(): void
}

/** Ready when `/-/ready` answers; half a minute at most. `target`: `host:port`. */
export async function startPrometheus(target: string): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-prometheus-'))
  const port = await freePort()
  const config = join(folder, 'prometheus.yml')
  const scrape = `- { job_name: model, scrape_interval: 500ms, static_configs: [{ targets: ['${target}'] }] }`
  writeFileSync(config, `scrape_configs:\n  ${scrape}\n`)
  const out = openSync(join(folder, 'log.txt'), 'w')
  const words = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const server = spawn('prometheus', words, { stdio: ['ignore', out, out], detached: true })
  const stop = () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; waited < 60 && server.exitCode === null; waited++) {
    if (await isReady(url)) return { url, stop }
    await sleep(500)
  }
  const told = readFileSync(join(folder, 'log.txt'), 'utf8').split('\n').slice(-10).join('\n')
  stop()
  throw new Error(`Prometheus does not start:\n${told}`)
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok
  } catch {
    return false
  }
}
