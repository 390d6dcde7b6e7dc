import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from '../../engine/base/text-columns.ts'
import { sourceOf } from '../../engine/commands/diagnostic-source.ts'
import { diagnosticsText } from '../../engine/commands/diagnostic-text.ts'
import type { Diagnostic } from '../../engine/domain/diagnostic.ts'
import { memoryTree } from '../memory-tree.ts'

const CARD = 'models/credit/card.yaml'

function problem(line: number, column: number, end?: number): Diagnostic {
  const place = { file: CARD, line, column, ...(end !== undefined && { endLine: line, endColumn: end }) }
  return { ...place, severity: 'error', code: 'load/unknown-field', message: 'unknown field `ownr`', hint: 'none' }
}

function printed(diagnostic: Diagnostic, text: string): string {
  return diagnosticsText([diagnostic], { colour: false, source: () => text.split('\n') })
}

/** The excerpt's line and carets, without the gutter of nine columns. */
function excerpt(diagnostic: Diagnostic, text: string): { line: string; carets: string } | null {
  const [, line, carets] = printed(diagnostic, text).split('\n')
  if (line === undefined || carets === undefined) return null
  return { line: line.slice(9), carets: carets.slice(9) }
}

/** What of a line stands above the carets. */
function marked({ line, carets }: { line: string; carets: string }): string {
  const [from, to] = [carets.indexOf('^'), carets.length]
  let width = 0
  return [...line]
    .filter((character) => {
      const at = width
      width += displayWidth(character)
      return at >= from && at < to
    })
    .join('')
}

test('the line stands below its problem, with carets under the columns, and then the hint', () => {
  const text = printed(problem(2, 3, 7), 'id: credit\n  ownr: team\n')
  assert.equal(
    text,
    [
      `${CARD}:2:3  error  load/unknown-field  unknown field \`ownr\``,
      '     2 |   ownr: team',
      '       |   ^^^^',
      '         hint: none',
    ].join('\n'),
  )
})

test('carets stay below what they mark, whatever stands before', () => {
  const cases: readonly [before: string, name: string][] = [
    ['\t\t', 'tabs'],
    ['日本語: ', 'wide characters'],
    ['a\u0301e\u0301: ', 'combining marks'],
    ['\u202e\u2066: ', 'bidi controls'],
    ['\u001b[2J: ', 'escape sequences'],
    ['😀: ', 'surrogate pairs'],
    ['\ud800: ', 'half a pair'],
    ['\u3000\u00a0', 'other spaces'],
    ['a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301: ', 'a tower of marks'],
    [`${'x'.repeat(5000)}: `, 'a long line'],
    [`${'語'.repeat(90)}: `, 'a long line of wide characters'],
  ]
  for (const [before, name] of cases) {
    const found = excerpt(problem(1, before.length + 1, before.length + 5), `${before}ownr: x`)
    assert.ok(found !== null, name)
    assert.equal(marked(found), 'ownr', name)
  }
})

test('one caret where the end is elsewhere; none beyond the end of the line', () => {
  assert.equal(excerpt(problem(1, 3), 'a: [b')?.carets, '  ^')
  assert.equal(excerpt(problem(1, 6, 6), 'a: [b')?.carets, '     ^')
  assert.equal(excerpt(problem(1, 900, 950), 'a: [b')?.carets, '     ^')
})

test('a long line is cut on both sides, around the column', () => {
  const text = `${'a'.repeat(500)} ownr ${'b'.repeat(500)}`
  const found = excerpt(problem(1, 502, 506), text)
  assert.ok(found !== null)
  assert.match(found.line, /^…a+ ownr b+…$/)
  assert.ok(displayWidth(found.line) <= 102)
  const whole = excerpt(problem(1, 3, 4), `${'a'.repeat(50)} ${'b'.repeat(49)}`)
  assert.equal(whole?.line.includes('…'), false)
})

test('nothing is shown of a file as a whole, of a line that is not there, and of what may be secret or personal', () => {
  assert.equal(excerpt(problem(1, 1), 'id: credit'), null)
  assert.equal(excerpt(problem(9, 1, 2), 'id: credit'), null)
  assert.equal(excerpt(problem(1, 2, 3), '    '), null)
  for (const line of ['  token: xoxb-1', '  webhook: T0', '  u: https://hooks.example/T0', '  by: ana@bank.example'])
    assert.equal(excerpt(problem(1, 3, 5), line), null, line)
})

test('whatever the bytes are, two short lines without a control character come of them', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
      fc.nat(450),
      fc.nat(60),
      (text, start, length) => {
        const [line = ''] = text.split(/\r\n|\r|\n/)
        const diagnostic = problem(1, start + 2, start + 2 + length)
        const out = diagnosticsText([diagnostic], { colour: false, source: () => [line] }).split('\n')
        assert.ok(out.length === 2 || out.length === 4)
        for (const shown of out.slice(1)) {
          assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
          assert.ok(displayWidth(shown) <= 9 + 102)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('lines come from the YAML that people wrote, counted as diagnostics count; never from measurements', () => {
  const tree = memoryTree({
    [CARD]: '\ufeffa\r\nb\rc\n',
    'models/snapshots/2026/11/21.ndjson': '{"name":"Ana"}\n',
    'models/snapshots/x.yaml': 'name: Ana\n',
    'models/credit/rows.csv': 'name\nAna\n',
    'ledger/policy': 'log x\n',
  })
  const source = sourceOf(tree)
  assert.deepEqual(source(CARD), ['a', 'b', 'c', ''])
  for (const file of ['models/snapshots/2026/11/21.ndjson', 'models/snapshots/x.yaml', 'models/credit/rows.csv'])
    assert.equal(source(file), null, file)
  for (const file of ['ledger/policy', 'models/none/card.yaml', '../card.yaml', '/etc/passwd'])
    assert.equal(source(file), null, file)
  const other = { file: '../governance.yaml', bytes: Buffer.from('x: 1') }
  assert.deepEqual(sourceOf(tree, other)('../governance.yaml'), ['x: 1'])
})
