import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isMap, isScalar, isSeq, type Pair, parseDocument, stringify } from 'yaml'
import { readYaml, type YamlPath } from '../../engine/load/read-yaml.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readYaml('f.yaml', bytes(text))
const told = (text: string) => read(text).diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)
/** Values as plain JSON, since ours have no prototype. */
const plain = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

describe('readYaml refuses what two readers could take differently', () => {
  const cases: { name: string; text: string; expected: string[] }[] = [
    {
      name: 'anchors and aliases',
      text: 'a: &x 1\nb: *x\n',
      expected: ['1:4 load/yaml-anchor', '2:4 load/yaml-alias'],
    },
    { name: 'merge keys', text: 'a:\n  <<: { b: 1 }\n', expected: ['2:3 load/yaml-merge-key'] },
    { name: 'tags', text: 'a: !!str 1\n', expected: ['1:4 load/yaml-tag'] },
    { name: 'directives', text: '%YAML 1.2\n---\na: 1\n', expected: ['1:1 load/yaml-directive'] },
    { name: 'several documents', text: 'a: 1\n---\nb: 2\n', expected: ['2:1 load/several-documents'] },
    {
      name: 'a second document after an end mark',
      text: '---\na: 1\n...\n---\nb: 1\n',
      expected: ['3:1 load/several-documents'],
    },
    { name: 'duplicate keys', text: 'a: 1\nb: 2\n"a": 3\n', expected: ['3:1 load/duplicate-key'] },
    {
      name: 'NaN and infinities',
      text: 'a: [.nan, -.inf]\n',
      expected: ['1:5 load/bad-number', '1:11 load/bad-number'],
    },
    { name: 'leading zeros', text: 'a: 0310\nb: -01.5\n', expected: ['1:4 load/bad-number', '2:4 load/bad-number'] },
    {
      name: 'hexadecimal and octal',
      text: 'a: 0x1F\nb: 0o17\n',
      expected: ['1:4 load/bad-number', '2:4 load/bad-number'],
    },
    {
      name: 'numbers beyond 2^53',
      text: 'a: 9007199254740993\nb: 1e400\n',
      expected: ['1:4 load/bad-number', '2:4 load/bad-number'],
    },
    { name: 'tabs as indentation', text: 'a:\n\tb: 1\n', expected: ['2:1 load/tab'] },
    { name: 'tabs as indentation of a flow', text: 'a: {\n  \tb: 1}\n', expected: ['2:3 load/tab'] },
    { name: 'a list as a key', text: '? [a]\n: 1\n', expected: ['1:3 load/complex-key'] },
    { name: 'half a character', text: 'a: "\\ud800"\n', expected: ['1:4 load/bad-escape'] },
    { name: 'NUL by escape', text: 'a: "x\\0"\n', expected: ['1:4 load/bad-escape'] },
    { name: 'NUL', text: 'a: 1\nb: \0\n', expected: ['2:4 load/nul'] },
    { name: 'nesting over 64', text: `${'- '.repeat(65)}a\n`, expected: ['1:129 load/too-deep'] },
    { name: 'broken syntax', text: 'a: 1\nb: [1, 2\n', expected: ['3:1 load/yaml-syntax'] },
  ]
  for (const { name, text, expected } of cases) test(name, () => assert.deepEqual(told(text), expected))

  test('invalid UTF-8, at its byte', () => {
    const found = readYaml('f.yaml', Uint8Array.from([97, 58, 10, 0xef, 0xbf, 0xbd, 32, 0xc3, 0x28])).diagnostics
    assert.deepEqual(
      found.map(({ line, column, code }) => [line, column, code]),
      [[2, 3, 'load/invalid-utf8']],
    )
  })

  test('UTF-16, with a hint', () => {
    const [found] = readYaml('f.yaml', Buffer.from('\ufeffa: 1\n', 'utf16le')).diagnostics
    assert.equal(found?.hint, 'save the file as UTF-8, not UTF-16')
  })

  test('files over 1 MiB, without looking into them', () => {
    assert.deepEqual(told('#'.repeat(1_048_577)), ['1:1 load/too-large'])
    assert.deepEqual(told('#'.repeat(1_048_576)), [])
  })

  test('Git LFS pointers', () => {
    assert.deepEqual(told('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'), ['1:1 load/lfs-pointer'])
  })
})

describe('readYaml accepts', () => {
  test('64 levels of nesting', () => assert.deepEqual(told(`${'- '.repeat(64)}a\n`), []))
  test('numbers in quotes, decimals, signs and exponents', () => {
    assert.deepEqual(plain(read('[ "0310", 0.80, -1, 1.5e3, 0, 9007199254740991 ]').value), [
      '0310',
      0.8,
      -1,
      1500,
      0,
      9007199254740991,
    ])
  })
  test('words of YAML 1.1 as texts, days too', () => {
    assert.deepEqual(plain(read('[ NO, yes, on, 2026-05-02, 1_000, 12:30:45 ]').value), [
      'NO',
      'yes',
      'on',
      '2026-05-02',
      '1_000',
      '12:30:45',
    ])
  })
  test('a byte order mark and CRLF, with positions unmoved', () => {
    const file = read('\ufeffa: 1\r\nb:\r\n  c: &x 2\r\n')
    assert.deepEqual(plain(file.value), { a: 1, b: { c: 2 } })
    assert.deepEqual(told('\ufeffa: &x 1\r\n'), ['1:4 load/yaml-anchor'])
    assert.deepEqual(file.source.placeOf(file.keySpan(['b', 'c']).start), { file: 'f.yaml', line: 3, column: 3 })
  })
  test('tabs within texts and between tokens', () => assert.deepEqual(told('a:\t1\nb: |\n  x\n  \ty\nc: "x\ty"\n'), []))
  test('an empty file as no value', () => assert.equal(read('# nothing\n').value, undefined))
})

describe('readYaml keeps prototypes out of reach', () => {
  test('`__proto__` and `constructor` are keys like others', () => {
    const value = read('__proto__: { polluted: true }\nconstructor: 1\n').value as Record<string, unknown>
    assert.deepEqual(Object.keys(value), ['__proto__', 'constructor'])
    assert.equal(Object.getPrototypeOf(Object.getPrototypeOf(value)), null)
    assert.equal('polluted' in value, false)
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })
  test('an object answers to no name that the file does not hold', () => {
    const value = read('a: 1\n').value as Record<string, unknown>
    for (const name of ['toString', 'hasOwnProperty', '__proto__', 'constructor']) assert.equal(value[name], undefined)
  })
})

/** JSON values whose numbers and texts every reader takes alike. */
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('scalar'), tie('list'), tie('map')),
  scalar: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e15, min: -1e15 }),
    fc.boolean(),
    fc.constant(null),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  // `<<` written plain is a merge key, which is refused: it has a test of its own.
  map: fc.dictionary(
    fc.string().filter((key) => key !== '<<'),
    tie('value'),
    { maxKeys: 4 },
  ),
}))
const options = fc.record({
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
}) as fc.Arbitrary<object>

describe('laws', () => {
  test('what `yaml` writes is read back, and the places are those that `yaml` gives', () => {
    fc.assert(
      fc.property(json.map, options, (value, style) => {
        const text = stringify(value, style)
        const ours = read(text)
        if (ours.diagnostics.length > 0) {
          // Only escapes of NUL and half characters may be refused of a JSON value.
          assert.ok(
            ours.diagnostics.every(({ code }) => code === 'load/bad-escape' || code === 'load/nul'),
            text,
          )
          return
        }
        const theirs = parseDocument(text, { keepSourceTokens: true })
        assert.deepEqual(plain(ours.value), plain(theirs.toJS()))
        for (const [path, start] of placesOf(theirs.contents))
          assert.equal(ours.keySpan(path).start, start, `${JSON.stringify(path)} of ${text}`)
      }),
      { numRuns: 300 },
    )
  })

  test('whatever `yaml` refuses or takes differently is never read silently', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      ':',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&x ',
      '*x',
      '!t ',
      '|',
      '>',
      '?',
      '0',
      '1',
      '.',
      'e',
      '\t',
      '---',
      '%',
      '<<',
      '\r',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = parts.join('')
        const ours = read(text)
        if (ours.diagnostics.length > 0) return
        const theirs = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true })
        if (theirs.errors.length > 0) return
        // A file that is one scalar is no file of ours, and never gets further.
        if (typeof ours.value !== 'object' || ours.value === null) return
        assert.deepEqual(plain(ours.value), plain(nodeValue(theirs.contents)), JSON.stringify(text))
      }),
      { numRuns: 3000 },
    )
  })

  test('no bytes make it throw, and every place lies in the file', () => {
    const mutated = fc.tuple(
      fc.constant(bytes('a: { b: [1, "x"] }\nc:\n  - d: &e |\n      f\n')),
      fc.array(fc.tuple(fc.nat(50), fc.nat(255)), { maxLength: 6 }),
    )
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      mutated.map(([text, changes]) => {
        const copy = text.slice()
        for (const [at, byte] of changes) copy[at % copy.length] = byte
        return copy
      }),
    )
    fc.assert(
      fc.property(input, (data) => {
        const lines = Buffer.from(data)
          .toString('utf8')
          .split(/\r\n|\r|\n/).length
        for (const { line, column } of readYaml('f.yaml', data).diagnostics)
          assert.ok(line >= 1 && line <= lines && column >= 1)
      }),
      { numRuns: 1500 },
    )
  })
})

/** The value of a node, with plain keys as they are written: `.0` is a name and not the number 0. */
function nodeValue(node: unknown): unknown {
  if (isSeq(node)) return node.items.map(nodeValue)
  if (!isMap(node)) return isScalar(node) ? node.value : null
  const entries = (node.items as Pair[]).map(({ key, value }) => {
    if (!isScalar(key)) return ['', nodeValue(value)]
    return [key.type === 'PLAIN' ? key.source : key.value, nodeValue(value)]
  })
  return Object.fromEntries(entries)
}

/** Paths to keys and list elements with their offsets. */
function placesOf(node: unknown, path: YamlPath = []): [YamlPath, number][] {
  if (isMap(node)) {
    return (node.items as Pair[]).flatMap(({ key, value }) => {
      if (!isScalar(key) || key.range == null) return []
      const here = [...path, String(key.value)]
      return [[here, key.range[0]] as [YamlPath, number], ...placesOf(value, here)]
    })
  }
  if (isSeq(node)) return node.items.flatMap((item, index) => placesOf(item, [...path, index]))
  return []
}
