// `npm run bench pin`: what pinning costs at three sizes of the log: the CID from nothing and of a grown log, what a node that
// holds the last snapshot is sent, and the verifier on the CAR as a file. Arguments: other sizes.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlockStore } from '../../engine/adapters/block-store.ts'
import { carPieces } from '../../engine/ledger/ipfs/car-write.ts'
import { type Cid, cidText } from '../../engine/ledger/ipfs/cid.ts'
import { heldIn } from '../../engine/ledger/ipfs/dag-difference.ts'
import { type LogSnapshot, logBlocks, logDag } from '../../engine/ledger/ipfs/log-dag.ts'
import { formatVerifierKey } from '../../engine/ledger/note-key.ts'
import { append, type MemoryLog, SIGNER, sampleEntries } from '../ledger/memory-log.ts'

const sizes = process.argv.slice(2).map(Number)
const STEPS = [1, 10, 256, 1000]
const BATCH = 50_000

for (const size of sizes.length > 0 ? sizes : [1000, 89_421, 1_000_000]) await measure(size)

async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-bench-pin-'))
  try {
    const log: MemoryLog = new Map()
    for (let at = 0; at < size; at += BATCH) append(log, sampleEntries(at, Math.min(size, at + BATCH)))
    const read = (path: string) => log.get(path) ?? null
    const store = openBlockStore(folder)
    const block = (cid: Cid) => store.get(cidText(cid))
    const { cid } = timed(`${size} entries: the CID from nothing`, () => logDag({ size, read }))
    await put(size, read, undefined)
    const car = timed(`${size} entries: the CAR, written`, () => store.writeCar(cidText(cid), carPieces(cid, block)))
    let now = size
    for (const more of STEPS) {
      append(log, sampleEntries(now, now + more))
      now += more
      const from = { cid, size, block }
      const what = `${size} + ${now - size} entries`
      const grown = timed(`${what}: the CID`, () => logDag({ size: now, read, from }))
      await put(now, read, from)
      const sent = timed(`${what}: what a node is sent`, () => [
        ...carPieces(grown.cid, block, { without: heldIn(cid, grown.cid, block) }),
      ])
      const bytes = sent.reduce((sum, { length }) => sum + length, 0)
      process.stdout.write(`  ${sent.length - 1} blocks, ${bytes} bytes\n`)
    }
    verifyFile(size, car)

    async function put(at: number, files: typeof read, from: LogSnapshot | undefined): Promise<void> {
      const made = logBlocks({ size: at, read: files, ...(from !== undefined && { from }) })
      const blocks = new Map<string, Uint8Array>()
      for (let step = made.next(); step.done !== true; step = made.next()) {
        blocks.set(cidText(step.value[0]), step.value[1])
      }
      await store.put(blocks)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** In a process of its own, so that its memory can be told. */
function verifyFile(size: number, car: string): void {
  const cli = join(import.meta.dirname, '../../engine/cli.ts')
  const program = `process.argv.splice(1, 0, ${JSON.stringify(cli)});
    process.on('exit', () => process.stderr.write(Math.round(process.resourceUsage().maxRSS / 1024) + ' MB\\n'));
    await import(${JSON.stringify(cli)})`
  const words = ['verify', car, '--vkey', formatVerifierKey(SIGNER.key), '--format', 'json']
  const { status, stderr } = timed(`${size} entries: verify the CAR`, () =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program, ...words], { encoding: 'utf8' }),
  )
  process.stdout.write(`  exit ${status}, ${stderr.trim()}\n`)
}

/** Wall time and, beside it, CPU time of this process: on a busy machine the one says little. */
function timed<T>(what: string, act: () => T): T {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const result = act()
  const { user, system } = process.cpuUsage(before)
  process.stdout.write(
    `${what}: ${(performance.now() - start).toFixed(1)} ms (CPU ${((user + system) / 1000).toFixed(1)})\n`,
  )
  return result
}
