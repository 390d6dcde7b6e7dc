// Installs js-ipfs once a machine (in the user's cache folder, by version) and starts one node in a process group of its own.
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { installOnce, installPackages } from '../install.ts'

const VERSIONS = { 'ipfs-core': '0.18.1', 'ipfs-http-server': '0.15.1' }

export interface RunningIpfs {
  readonly url: string
  stop(): void
}

/** Ready when its RPC answers; two minutes at most. */
export async function startIpfs(): Promise<RunningIpfs> {
  const home = install()
  const folder = mkdtempSync(join(tmpdir(), 'tutela-ipfs-'))
  const port = await freePort()
  const log = join(folder, 'log.txt')
  const out = openSync(log, 'w')
  const node = spawn(process.execPath, [join(home, 'node.mjs'), join(folder, 'repo'), String(port)], {
    cwd: home,
    stdio: ['ignore', out, out],
    detached: true,
  })
  const stop = () => {
    if (node.pid !== undefined && node.exitCode === null) process.kill(-node.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; waited < 120 && node.exitCode === null; waited += 0.25) {
    if (await isReady(url)) return { url, stop }
    await sleep(250)
  }
  const told = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')
  stop()
  throw new Error(`js-ipfs does not start:\n${told}`)
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/v0/version`, { method: 'POST', signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

function install(): string {
  const name = `js-ipfs-${VERSIONS['ipfs-core']}-${VERSIONS['ipfs-http-server']}`
  const home = installOnce(name, (fresh) => installPackages(fresh, VERSIONS))
  copyFileSync(join(import.meta.dirname, 'node.mjs'), join(home, 'node.mjs'))
  return home
}
