// Ids by stat: trusted only for files that were at rest, and never after anything about the file changed.
import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { StatTable } from '../../../engine/adapters/git/stat-table.ts'

const ID = 'a'.repeat(40)
let folder = ''
let file = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutela-stat-'))
  file = join(folder, 'card.yaml')
  writeFileSync(file, 'id: a\n')
})
after(() => rmSync(folder, { recursive: true }))

/** The stat as it would be had the file not been touched for an hour. */
const atRest = () => {
  const stat = lstatSync(file)
  return Object.assign(Object.create(Object.getPrototypeOf(stat)), stat, {
    mtimeMs: stat.mtimeMs - 3_600_000,
    ctimeMs: stat.ctimeMs - 3_600_000,
  }) as typeof stat
}

test('an id is given back for the same stat, also by the next process', () => {
  const stat = atRest()
  const table = new StatTable(folder, '/work')
  table.learn('card.yaml', stat, ID)
  assert.equal(table.idOf('card.yaml', stat), ID)
  table.save(() => true)
  assert.equal(new StatTable(folder, '/work').idOf('card.yaml', stat), ID)
  assert.equal(new StatTable(folder, '/elsewhere').idOf('card.yaml', stat), null)
  for (const changed of [
    { size: 7 },
    { mtimeMs: stat.mtimeMs + 1 },
    { ctimeMs: stat.ctimeMs + 1 },
    { ino: stat.ino + 1 },
  ]) {
    assert.equal(table.idOf('card.yaml', Object.assign(Object.create(stat), changed)), null, JSON.stringify(changed))
  }
})

test('a file that was written a moment ago is not learnt, whatever its mtime says', () => {
  const table = new StatTable(folder, '/work')
  table.learn('fresh.yaml', lstatSync(file), ID)
  assert.equal(table.idOf('fresh.yaml', lstatSync(file)), null)
  utimesSync(file, 1, 1)
  table.learn('backdated.yaml', lstatSync(file), ID)
  assert.equal(table.idOf('backdated.yaml', lstatSync(file)), null)
})

test('what is gone is forgotten, and a spoilt table is an empty one', () => {
  const stat = atRest()
  const table = new StatTable(folder, '/work')
  table.learn('gone.yaml', stat, ID)
  table.save((path) => path !== 'gone.yaml')
  assert.equal(new StatTable(folder, '/work').idOf('gone.yaml', stat), null)
  const cache = join(folder, 'tutela/cache')
  for (const name of readdirSync(cache)) {
    const bytes = readFileSync(join(cache, name))
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
    writeFileSync(join(cache, name), bytes)
  }
  assert.equal(new StatTable(folder, '/work').idOf('card.yaml', stat), null)
})
