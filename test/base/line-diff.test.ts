import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineDiff } from '../../engine/base/line-diff.ts'

const CASES: readonly { name: string; before: string; after: string; diff: string }[] = [
  { name: 'equal texts differ in nothing', before: 'a\n', after: 'a\n', diff: '' },
  { name: 'a changed line', before: 'a\nb\nc\n', after: 'a\nB\nc\n', diff: '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c' },
  { name: 'a new file', before: '', after: 'a\n', diff: '@@ -0,0 +1 @@\n+a' },
  { name: 'a file that is gone', before: 'a\nb\n', after: '', diff: '@@ -1,2 +0,0 @@\n-a\n-b' },
  {
    name: 'a newline at the end',
    before: 'a',
    after: 'a\n',
    diff: '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a',
  },
  {
    name: 'changes far apart are two hunks',
    before: '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    after: 'x\n2\n3\n4\n5\n6\n7\n8\ny\n',
    diff: '@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y',
  },
]

for (const { name, before, after, diff } of CASES) {
  test(name, () => assert.equal(lineDiff(before, after), diff))
}

test('a diff, applied, gives the new text', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.map((l) => `${l}\n`).join(''))
  fc.assert(fc.property(text, text, (before, after) => assert.equal(apply(before, lineDiff(before, after)), after)))
})

function apply(before: string, diff: string): string {
  const lines = before.split('\n').slice(0, -1)
  const out: string[] = []
  let at = 0
  for (const line of diff === '' ? [] : diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line)
    if (hunk !== null) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1)
      while (at < start) out.push(lines[at++] ?? '')
    } else if (line.startsWith('+')) out.push(line.slice(1))
    else {
      assert.equal(lines[at], line.slice(1))
      at++
      if (line.startsWith(' ')) out.push(line.slice(1))
    }
  }
  return [...out, ...lines.slice(at)].map((line) => `${line}\n`).join('')
}
