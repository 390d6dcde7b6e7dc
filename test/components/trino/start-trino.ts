// Puts a Trino server together once a machine (in the user's cache folder, by version) and starts it in a folder of its own.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { installOnce, must } from '../install.ts'

const VERSION = '435'
const HERE = import.meta.dirname

export interface RunningTrino {
  readonly url: string
  stop(): void
}

/** Ready when it says so in its log; a minute and a half at most. */
export async function startTrino(): Promise<RunningTrino> {
  const parts = install()
  const folder = mkdtempSync(join(tmpdir(), 'tutela-trino-'))
  const port = await freePort()
  configure(folder, port, parts)
  const log = join(folder, 'log.txt')
  const out = openSync(log, 'w')
  const java = spawn('java', javaWords(parts), { cwd: folder, stdio: ['ignore', out, out], detached: true })
  const stop = () => {
    if (java.pid !== undefined && java.exitCode === null) process.kill(-java.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  for (let waited = 0; waited < 90; waited += 0.5) {
    if (readFileSync(log, 'utf8').includes('SERVER STARTED')) return { url: `http://127.0.0.1:${port}`, stop }
    if (java.exitCode !== null) break
    await sleep(500)
  }
  const told = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n')
  stop()
  throw new Error(`Trino does not start:\n${told}`)
}

/** The folder of the parts: complete or absent. */
function install(): string {
  return installOnce(`trino-${VERSION}`, (making) => {
    mkdirSync(join(making, 'plugin'))
    const maven = (...words: string[]) => must('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), ...words])
    maven('dependency:copy-dependencies', `-DoutputDirectory=${join(making, 'lib')}`)
    maven('dependency:copy', `-Dartifact=io.trino:trino-memory:${VERSION}:zip`, `-DoutputDirectory=${making}`)
    must('unzip', ['-q', join(making, `trino-memory-${VERSION}.zip`), '-d', join(making, 'plugin')])
    must('javac', ['-cp', join(making, 'lib', '*'), '-d', join(making, 'bin'), join(HERE, 'TrinoMain.java')])
  })
}

function configure(folder: string, port: number, parts: string): void {
  mkdirSync(join(folder, 'etc', 'catalog'), { recursive: true })
  writeFileSync(join(folder, 'etc', 'catalog', 'memory.properties'), 'connector.name=memory\n')
  const settings = [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'query.max-memory-per-node=256MB',
    'memory.heap-headroom-per-node=128MB',
    'catalog.config-dir=etc/catalog',
    `plugin.dir=${join(parts, 'plugin')}`,
  ]
  writeFileSync(join(folder, 'etc', 'config.properties'), `${settings.join('\n')}\n`)
}

function javaWords(parts: string): string[] {
  const settings = {
    config: 'etc/config.properties',
    'jdk.attach.allowAttachSelf': 'true',
    'node.environment': 'test',
    'node.id': 't1',
    'node.data-dir': 'data',
    'node.internal-address': '127.0.0.1',
    'node.bind-ip': '127.0.0.1',
  }
  return [
    '-Xmx1g',
    '-XX:+UseG1GC',
    ...['--add-opens', 'java.base/java.nio=ALL-UNNAMED'],
    ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
    ...['-cp', `${join(parts, 'lib', '*')}:${join(parts, 'bin')}`],
    'TrinoMain',
  ]
}
