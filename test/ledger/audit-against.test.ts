// What is pinned against what the repository holds.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { command as ledger } from '../../engine/commands/ledger.ts'
import { comparePinned } from '../../engine/ledger/audit-against.ts'
import { git } from '../run/finished-run.ts'
import { copyOf, LATER, runIn, scratch } from '../run/governed-repository.ts'
import { livedRepository, say } from './audited-story.ts'
import { append, filesOf, type MemoryLog, sampleEntries, sampleEntry } from './memory-log.ts'

const lived = livedRepository(2)

async function against(folder: string, given: string) {
  const { exit, json, text } = await say(ledger, folder, ['audit'], { against: given })
  const { problems, against: compared } = json as { problems: { code: string; where: string }[]; against: object }
  return { exit, codes: problems.map(({ code }) => code), problems, compared, text: text() }
}

/** The CAR of the log as it stands, in a file. */
async function carOf(folder: string): Promise<string> {
  const out = scratch()
  const { json } = await say(ledger, folder, ['pin'], { out })
  const path = (json as { car?: string }).car
  assert.ok(typeof path === 'string', JSON.stringify(json))
  return path
}

describe('`ledger audit --against`', () => {
  test('finds what is pinned in the repository, and counts what is not pinned yet', async () => {
    const folder = copyOf(await lived)
    const car = await carOf(folder)
    const same = await against(folder, car)
    assert.deepEqual([same.exit, same.codes], [0, []], same.text)
    await runIn(folder, '2026-11-22T15:00:00Z')
    const grown = await against(folder, car)
    assert.deepEqual([grown.exit, grown.codes], [0, []])
    const { common, unpinned } = grown.compared as { common: number; unpinned: number }
    assert.ok(common > 0 && unpinned > 0)
  })

  test('finds that the repository was put back to an older state', async () => {
    const folder = copyOf(await lived)
    const car = await carOf(folder)
    git(folder, 'reset', '-q', '--hard', 'HEAD~2')
    const { exit, codes } = await against(folder, car)
    assert.equal(exit, 2)
    assert.ok(codes.includes('audit/behind-pinned'), codes.join())
  })

  test('finds the entry at which two histories part', async () => {
    const [one, other] = [copyOf(await livedRepository(1)), copyOf(await livedRepository(1))]
    const car = await carOf(one)
    git(other, 'reset', '-q', '--hard', 'HEAD~1')
    git(other, 'update-ref', '-d', 'refs/tutela/delivered')
    await runIn(other, LATER)
    const { exit, problems } = await against(other, car)
    assert.equal(exit, 2)
    assert.ok(problems.some(({ code, where }) => code === 'audit/pinned-differs' && where === 'entry 0'))
  })

  test('believes no CAR: a changed byte is a problem of its own', async () => {
    const folder = await lived
    const bytes = readFileSync(await carOf(folder))
    const at = bytes.length - 40
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const path = join(scratch(), 'broken.car')
    writeFileSync(path, bytes)
    const { exit, codes } = await against(folder, path)
    assert.equal(exit, 2)
    assert.ok(
      codes.some((code) => code.startsWith('ledger/')),
      codes.join(),
    )
  })

  test('says what is neither a CAR nor a CID', async () => {
    await assert.rejects(
      against(await lived, 'nowhere.car'),
      (error: unknown) => error instanceof Fault && error.code === 'cli/bad-option',
    )
  })
})

describe('two logs', () => {
  const logOf = (entries: readonly Uint8Array[]) => {
    const log: MemoryLog = new Map()
    append(log, entries)
    return { read: filesOf(log).read, size: entries.length }
  }

  test('part at the first entry that differs, wherever it is, whichever is longer', () => {
    const entries = sampleEntries(0, 700)
    for (const at of [0, 1, 255, 256, 511, 512, 599]) {
      for (const [ours, theirs] of [
        [700, 600],
        [600, 700],
        [600, 600],
      ] as const) {
        const here = logOf(entries.slice(0, ours))
        const pinned = logOf(entries.with(at, sampleEntry(9000)).slice(0, theirs))
        const { common, problems } = comparePinned(here, pinned)
        assert.equal(common, at)
        const codes = problems.map(({ code }) => code)
        assert.deepEqual(
          codes,
          ours < theirs ? ['audit/pinned-differs', 'audit/behind-pinned'] : ['audit/pinned-differs'],
        )
      }
    }
  })

  test('of which one begins the other differ in nothing', () => {
    const entries = sampleEntries(0, 300)
    for (const [ours, theirs, codes] of [
      [300, 0, []],
      [300, 255, []],
      [300, 300, []],
      [256, 300, ['audit/behind-pinned']],
      [0, 300, ['audit/behind-pinned']],
    ] as const) {
      const { problems, unpinned } = comparePinned(logOf(entries.slice(0, ours)), logOf(entries.slice(0, theirs)))
      assert.deepEqual(
        problems.map(({ code }) => code),
        codes,
      )
      assert.equal(unpinned, Math.max(0, ours - theirs))
    }
  })
})
