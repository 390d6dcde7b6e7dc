// Law: whatever is done to a repository, and whenever and how a plan is asked for, a cache changes no byte of the answer.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { commitAll } from '../scratch-repository.ts'
import { MemoryCache, planOf } from './cached-plan.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILES = [
  'models/compas/card.yaml',
  'models/snapshots/2014/04/01T00/compas.ndjson',
  'models/snapshots/2014/03/01T00/compas.ndjson',
  'policies/drift.yaml',
  'policies/fairness.yaml',
  'policies/governance.yaml',
]
const NOWS = ['2014-04-15T00:00:00Z', '2014-05-02T06:00:00Z', '2014-05-02T06:00:07Z', '2014-06-10T00:00:00Z']

const step = fc.record({
  edit: fc.oneof(
    fc.constant(null),
    fc.record({
      path: fc.constantFrom(...FILES),
      how: fc.constantFrom('digit', 'comment', 'cut', 'restore', 'restore', 'remove'),
      at: fc.nat(5000),
      digit: fc.integer({ min: 0, max: 9 }),
    }),
  ),
  now: fc.constantFrom(...NOWS),
  findings: fc.constantFrom(undefined, undefined, 'all'),
  spoil: fc.option(fc.nat(20), { freq: 6 }),
})

test('a cached plan is the plan, through any edits, clocks and losses', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-law-'))
  try {
    for (const name of ['policies', 'models']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    commitAll(folder)
    const whole = new Map(FILES.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        for (const [path, text] of whole) writeFileSync(join(folder, path), text)
        const cache = new MemoryCache()
        for (const { edit, now, findings, spoil } of steps) {
          if (edit !== null) change(join(folder, edit.path), whole.get(edit.path) ?? '', edit)
          const name = [...cache.files.keys()][spoil ?? -1]
          if (name !== undefined) cache.files.set(name, (cache.files.get(name) ?? new Uint8Array()).subarray(0, 900))
          const asked = { now, ...(findings !== undefined && { findings }) }
          const plain = await planOf(folder, { ...asked, cache: null })
          const cached = await planOf(folder, { ...asked, cache })
          assert.equal(cached.text, plain.text)
          assert.equal(cached.exit, plain.exit)
        }
      }),
      { numRuns: 15 },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

interface Edit {
  readonly how: string
  readonly at: number
  readonly digit: number
}

function change(file: string, whole: string, edit: Edit): void {
  if (edit.how === 'remove') rmSync(file, { force: true })
  else writeFileSync(file, changed(whole, edit))
}

function changed(whole: string, { how, at, digit }: Edit): string {
  if (how === 'restore') return whole
  if (how === 'cut') return whole.slice(0, at)
  if (how === 'comment') return whole.startsWith('{') ? `${whole}\n` : `# ${digit}\n${whole}`
  const place = whole.slice(at).search(/\d/)
  const position = place === -1 ? 0 : at + place
  return `${whole.slice(0, position)}${digit}${whole.slice(position + 1)}`
}
