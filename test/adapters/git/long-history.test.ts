// Walks look at the commits between two tips, not at the years of runs below them, whatever clocks their authors had.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { History } from '../../../engine/adapters/git/history.ts'
import { scratch } from './oracle.ts'

const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const HOUR = 3600
const RUNS = 3000

/** Commits in memory, one an hour on `main`, and how many were read. */
function longHistory() {
  const commits = new Map<string, Buffer>()
  const save = (parents: readonly string[], at: number): string => {
    const person = `R <r@x.org> ${at} +0000`
    const lines = [`tree ${TREE}`, ...parents.map((id) => `parent ${id}`), `author ${person}`, `committer ${person}`]
    const content = Buffer.from(`${lines.join('\n')}\n\nc${commits.size}\n`)
    const id = createHash('sha1').update(`commit ${content.length}\0`).update(content).digest('hex')
    commits.set(id, content)
    return id
  }
  const main: string[] = []
  for (let i = 0; i < RUNS; i++) main.push(save(main.slice(-1), 1_700_000_000 + i * HOUR))
  const reads = (act: (history: History) => void): number => {
    let count = 0
    const read = (id: string) => {
      count++
      const content = commits.get(id)
      assert.ok(content !== undefined)
      return content
    }
    act(new History({ read, has: (id) => commits.has(id) }, scratch()))
    return count
  }
  return { main: (fromTip: number) => main.at(-1 - fromTip) ?? '', save, reads }
}

const YEARS_AGO = 1_000_000_000

const { main, save, reads } = longHistory()
const oldSide = save([save([main(50)], YEARS_AGO + 1)], YEARS_AGO)
const oldTip = save([save([main(0)], YEARS_AGO)], YEARS_AGO)
const side = save([main(50)], 1_700_000_000 + (RUNS - 40) * HOUR)

for (const [what, a, b] of [
  ['as dates should be', side, main(0)],
  ['with a side that is dated years back', oldSide, main(0)],
  ['with a tip that is dated years back', side, oldTip],
  ['with both dated years back', oldSide, oldTip],
] as const) {
  test(`a merge base fifty commits away is found near the tips, ${what}`, () => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const count = reads((history) => assert.equal(history.mergeBase(one, other), main(50)))
      assert.ok(count < 150, `${count} commits were read`)
      assert.ok(reads((history) => assert.equal(history.isAncestor(one, other), false)) < 150)
    }
    for (const tip of [a, b]) assert.ok(reads((history) => assert.ok(history.isAncestor(main(60), tip))) < 150)
  })
}
