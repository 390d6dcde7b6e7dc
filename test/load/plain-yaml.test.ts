import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NOT_PLAIN, readPlainYaml } from '../../engine/load/plain-yaml.ts'
import { readAnyYaml, readYaml, type YamlPath } from '../../engine/load/read-yaml.ts'
import { sourceText } from '../../engine/load/source-text.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Asserts that whatever is read the short way is what the long way reads, places included; says whether it was. */
function isReadTheSame(text: string): boolean {
  const value = readPlainYaml(text)
  if (value === NOT_PLAIN) return false
  const long = readAnyYaml('f', sourceText('f', text))
  assert.deepEqual(long.diagnostics, [], JSON.stringify(text))
  assert.deepEqual(value, long.value, JSON.stringify(text))
  assert.equal(JSON.stringify(value), JSON.stringify(long.value), 'in the same order')
  const short = readYaml('f', Buffer.from(text))
  for (const path of [...pathsOf(value, []), ['none'], ['a', 'none', 1]]) {
    const at = `${JSON.stringify(path)} of ${JSON.stringify(text)}`
    assert.deepEqual(short.valueSpan(path), long.valueSpan(path), at)
    assert.deepEqual(short.keySpan(path), long.keySpan(path), at)
  }
  return true
}

function pathsOf(value: unknown, path: YamlPath): YamlPath[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members: [string | number, unknown][] = Array.isArray(value)
    ? value.map((child, i) => [i, child])
    : Object.entries(value)
  return [path, ...members.flatMap(([part, child]) => pathsOf(child, [...path, part]))]
}

const PLAIN = `# what it is
apiVersion: tutela/v1
title: "Crédito – 1ª linha: \\u007b"   # said so
none: ~
limits: [1, -2.5, 'x: y', [true, null], {}]
data:
  features:
    - { name: balance, type: number, min: 0, uri: s3://lake/a }   # first

    - name: income
      type: number
      values: ["N", "Y", other]
      deep:
            text: it's 3 o'clock #1
  empty: []
date: 2026-01-01
`.replace('\\u007b', '{')

describe('the short way through YAML', () => {
  test('reads what people write into cards and policies', () => {
    assert.ok(isReadTheSame(PLAIN))
    const files = globSync(['models/*/card.yaml', 'policies/*.yaml'], { cwd: ROOT }).map((file) => join(ROOT, file))
    const read = files.filter((file) => isReadTheSame(readFileSync(file, 'utf8')))
    assert.ok(read.length > files.length / 2, `${read.length} of ${files.length}`)
  })

  const LONG: readonly [name: string, text: string][] = [
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key twice in braces', 'a: { b: 1, b: 2 }\n'],
    ['no value', 'a:\nb: 1\n'],
    ['a text over two lines', 'a: x\n  y\nb: 1\n'],
    ['quotes over two lines', 'a: "x\n  y"\n'],
    ['braces over two lines', 'a: { b: 1,\n  c: 2 }\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a doubled quote', "a: 'it''s'\n"],
    ['a tab', 'a:\t1\n'],
    ['a carriage return', 'a: 1\r\n'],
    ['an anchor', 'a: &x 1\n'],
    ['a tag', 'a: !x 1\n'],
    ['a block text', 'a: |\n  x\n'],
    ['a second document', 'a: 1\n---\nb: 2\n'],
    ['a merge key', '<<: 1\n'],
    ['a number that is refused', 'a: 012\n'],
    ['a key inside a text', 'a: b: c\n'],
    ['a pair in brackets', 'a: [b: c]\n'],
    ['two texts without a comma', 'a: ["b" c]\n'],
    ['a last comma', 'a: [b, ]\n'],
    ['a list that is not indented', 'a:\n- b\n'],
    ['a list in a list', 'a:\n  - - b\n'],
    ['a dedent to no level', 'a:\n    b: 1\n  c: 2\n'],
    ['a list after fields', 'a: 1\n- b\n'],
    ['a comment that touches a quote', 'a: "b"#c\n'],
    ['a root that is no mapping', '- a\n'],
    ['nothing', '# a\n'],
  ]
  for (const [name, text] of LONG)
    test(`leaves to the long way: ${name}`, () => assert.equal(readPlainYaml(text), NOT_PLAIN))

  test('reads no text differently that pieces of YAML make', () => {
    const pieces = ['a', 'b: ', 'c: 1', ': ', ':', '\n', '\n  ', '\n    ', '- ', '- d: x', '[', ']', '{ e: ', '}', ', ']
    const rest = [
      '"',
      '"f"',
      "'g'",
      '#',
      ' # h',
      '-',
      '0',
      '-1',
      '.5',
      '~',
      '@',
      '|',
      'é',
      '–',
      ' ',
      '\u00a0',
      '/',
      '$i',
    ]
    let read = 0
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...rest), { maxLength: 12 }), (parts) => {
        for (const text of [parts.join(''), `a: ${parts.join('')}`, `a:\n  b: [${parts.join('')}]\n`])
          if (isReadTheSame(text)) read++
      }),
      { numRuns: 10_000 },
    )
    assert.ok(read > 1000, `only ${read} were read`)
  })

  test('reads no card differently in which characters were changed', () => {
    const characters = fc.constantFrom(...'\n\n  ::#-{}[],"\'|&!x1.~'.split(''), '  ', '\n  ', ': ', ' #')
    const change = fc.tuple(fc.nat(PLAIN.length), fc.nat(2), characters)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        isReadTheSame(changes.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), PLAIN))
      }),
      { numRuns: 3000 },
    )
  })
})
