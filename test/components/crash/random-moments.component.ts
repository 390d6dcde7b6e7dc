import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertSound } from '../../run/finished-run.ts'
import { copyOf, LATER, NOW } from '../../run/governed-repository.ts'
import { finish, fresh, once } from './governed-twice.ts'
import { buildCli, runAndKill, runPlainly } from './traced-run.ts'

const KILLS = 200
/** Another one may be given, to try other moments. */
const SEED = Number(process.env.TUTELA_SEED ?? 20_261_125)

const cli = buildCli()
const argv = (folder: string, now: string) => [cli, '--repo', folder, '--now', now, 'run']

describe(`killed at ${KILLS} random moments (seed ${SEED}), then done again`, () => {
  const moments = randomMoments(SEED)
  for (let part = 0; part < 4; part++) {
    test(`part ${part + 1} of 4`, async () => {
      let killed = 0
      let tries = 0
      for (; killed < KILLS / 4 && tries < KILLS; tries++)
        killed += await killOnce(moments.next().value ?? 0, tries % 5 === 4)
      assert.equal(killed, KILLS / 4, `in ${tries} tries ${killed} runs were killed before their end`)
    })
  }
})

/** 1 where the run was killed, 0 where it was faster. */
async function killOnce(moment: number, isLater: boolean): Promise<number> {
  const [from, now] = isLater ? [once, LATER] : [fresh, NOW]
  const folder = copyOf(from)
  const afterMs = Math.round(moment * lasts)
  const began = performance.now()
  const { signal, status } = runAndKill(argv(folder, now), afterMs)
  // The machine may be faster or slower than it was: later moments are spread over what a run takes now.
  if (signal !== 'SIGKILL' && !isLater) lasts = performance.now() - began
  const what = `seed ${SEED}, killed after ${afterMs} ms (${folder})`
  assert.ok(signal === 'SIGKILL' || status === 2, what)
  assertSound(folder, what)
  await finish(folder, now, what)
  return signal === 'SIGKILL' ? 1 : 0
}

/** How long a first run takes here, in milliseconds, so that the moments are spread over it. */
let lasts = measure()

function measure(): number {
  const began = performance.now()
  runPlainly(argv(copyOf(fresh), NOW))
  return performance.now() - began
}

/** Numbers in [0.15, 1.05), by mulberry32: before that Node only starts. */
function* randomMoments(seed: number): Generator<number, number> {
  for (let state = seed | 0; ; ) {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    yield 0.15 + (0.9 * ((mixed ^ (mixed >>> 14)) >>> 0)) / 2 ** 32
  }
}
