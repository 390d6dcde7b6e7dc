import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compileSchemas } from '../../engine/load/compile-schemas.ts'
import { readDocument } from '../../engine/load/read-document.ts'
import { SCHEMA_KINDS, type SchemaKind, type Validator } from '../../engine/load/schema-kind.ts'
import { validatorOf } from '../../engine/load/validators.ts'
import { CARD, ENFORCEMENT, GOVERNANCE, POLICY } from './sound-files.ts'

const read = (kind: SchemaKind, text: string) =>
  readDocument<Record<string, unknown>>(kind, 'f.yaml', new TextEncoder().encode(text))
const SOUND = { governance: GOVERNANCE, policy: POLICY, 'model-card': CARD, enforcement: ENFORCEMENT } as const
type Sound = keyof typeof SOUND

describe('a schema error says what to do, at its place', () => {
  const cases: { name: string; kind: Sound; from: string; to: string; expected: string; hint: string | undefined }[] = [
    {
      name: 'an unknown field near to a known one',
      kind: 'model-card',
      from: 'purpose:',
      to: 'purpos:',
      expected: '5:1 load/unknown-field unknown field `purpos`',
      hint: 'did you mean `purpose`?',
    },
    {
      name: 'an unknown field far from all',
      kind: 'enforcement',
      from: 'policies:',
      to: 'zzzzzzzzz: 1\npolicies:',
      expected: '4:1 load/unknown-field unknown field `zzzzzzzzz`',
      hint: 'fields here: apiVersion, kind, environment, policies',
    },
    {
      name: 'a field of another level',
      kind: 'model-card',
      from: 'tier: high',
      to: 'teir: high',
      expected: '9:9 load/unknown-field unknown field `teir`',
      hint: 'did you mean `tier`?',
    },
    {
      name: 'a version without quotes',
      kind: 'model-card',
      from: 'production, version: "1.0.0"',
      to: 'production, version: 1.10',
      expected: '11:49 load/unquoted-version the version `1.10` is not in quotes, so YAML reads the number 1.1',
      hint: 'write `"1.10"`',
    },
    {
      name: 'a whole-number version',
      kind: 'model-card',
      from: 'production, version: "1.0.0"',
      to: 'production, version: 3',
      expected: '11:49 load/unquoted-version the version `3` is not in quotes, so YAML reads a number',
      hint: 'write `"3"`',
    },
    {
      name: 'a number in quotes',
      kind: 'governance',
      from: 'people:',
      to: 'minimumGroupSize: "10"\npeople:',
      expected: '4:19 load/quoted-number `minimumGroupSize` must be a number, but it is in quotes',
      hint: 'write `10` without quotes',
    },
    {
      name: 'a limit in quotes',
      kind: 'policy',
      from: '0.25',
      to: '"0.25"',
      expected: '11:13 load/quoted-number `require[0].atMost` must be a number, but it is in quotes',
      hint: 'write `0.25` without quotes',
    },
    {
      name: 'a word that is not in the list',
      kind: 'policy',
      from: 'severity: high',
      to: 'severity: urgent',
      expected: '6:11 load/not-allowed `severity` cannot be `urgent`',
      hint: 'one of: info, low, medium, high, critical',
    },
    {
      name: 'a duration without unit',
      kind: 'policy',
      from: 'require:',
      to: 'staleAfter: 48\nrequire:',
      expected:
        '7:13 load/wrong-type `staleAfter` must be a duration such as `48h`, `5d` or `3bd`, not the number `48`',
      hint: 'write a duration such as `48h`, `5d` or `3bd`',
    },
    {
      name: 'a secret in the open',
      kind: 'governance',
      from: 'people:',
      to: 'channels: { s: { kind: slack, webhook: "https://hooks.example/T0" } }\npeople:',
      expected: '4:40 load/secret-in-file `channels.s.webhook` is not a secret named as `env:NAME` or `file:PATH`',
      hint: 'put the secret itself into the variable or the file, and make a new one if this one was committed',
    },
    {
      name: 'a path out of the folder',
      kind: 'model-card',
      from: 'stage:',
      to: 'criteria: { pt: ../../secret.md }\nstage:',
      expected: "6:17 load/wrong-form `../../secret.md` is not a file in the model's folder",
      hint: "it is the plain-language sheet in Portuguese; a file in the model's folder",
    },
    {
      name: 'a list where a mapping is due',
      kind: 'enforcement',
      from: '{ drift: approval }',
      to: '[drift]',
      expected: '4:11 load/wrong-type `policies` must be a mapping, not a list',
      hint: 'it is how hard each policy binds here: `<policy id>: advisory`, `approval` or `mandatory`',
    },
    {
      name: 'nothing where a text is due',
      kind: 'model-card',
      from: 'title: Probability of default',
      to: 'title:',
      expected: '4:6 load/wrong-type `title` must be a text, not nothing',
      hint: 'it is the name that reports show',
    },
    {
      name: 'another kind of file',
      kind: 'policy',
      from: 'kind: Policy',
      to: 'kind: Waiver',
      expected: '2:7 load/wrong-kind `kind` is `Waiver`; a file here has `Policy`',
      hint: 'write `kind: Policy`',
    },
    {
      name: 'a missing field of a part',
      kind: 'model-card',
      from: 'tier: high, ',
      to: '',
      expected: '9:1 load/missing-field `risk` lacks `tier`',
      hint: 'add `tier`: how much harm a wrong decision may do; one of: low, medium, high, critical',
    },
    {
      name: 'a person that is neither user nor team',
      kind: 'policy',
      from: '"team:risk"',
      to: 'risk',
      expected: '5:8 load/wrong-form `risk` is not a person `user:<name>` or a group `team:<name>`',
      hint: 'write `user:risk` for one person, `team:risk` for a group',
    },
    {
      name: 'a line break in an author',
      kind: 'governance',
      from: 'people:',
      to: 'record: { author: "A\\nB <a@b>" }\npeople:',
      expected: '4:19 load/wrong-form `A B <a@b>` is not an author such as `Tutela <tutela@localhost>`',
      hint: 'it is the author of those commits; an author such as `Tutela <tutela@localhost>`',
    },
  ]
  for (const { name, kind, from, to, expected, hint } of cases) {
    test(name, () => {
      const text = SOUND[kind].replace(from, to)
      assert.notEqual(text, SOUND[kind])
      const found = read(kind, text).diagnostics
      const said = found.map((d) => ({ text: `${d.line}:${d.column} ${d.code} ${d.message}`, hint: d.hint }))
      assert.deepEqual(
        said.filter((one) => one.text === expected),
        [{ text: expected, hint }],
        JSON.stringify(said, null, 1),
      )
    })
  }

  test('one fault gives one diagnostic', () => {
    assert.equal(read('policy', POLICY.replace('0.25', '"0.25"')).diagnostics.length, 1)
    assert.equal(read('model-card', CARD.replace('"1.0.0" }\n', '1.10 }\n')).diagnostics.length, 1)
  })

  test('sound files have none', () => {
    for (const [kind, text] of Object.entries(SOUND)) assert.deepEqual(read(kind as Sound, text).diagnostics, [])
  })

  test('hostile names are shown, not obeyed', () => {
    const [found] = read('policy', `${POLICY}"\\u202Eevil\\e[2J": 1\n`).diagnostics
    assert.equal(found?.message, 'unknown field `⟨U+202E⟩evil`')
  })
})

describe('what is left of a faulty file', () => {
  test('is everything but the faulty parts, at their old positions', () => {
    const { value, sound } = read(
      'policy',
      `${POLICY}  - { id: other, metric: data.rows, atLeast: "5" }\n  - { id: third, metric: data.rows, atLeast: 5 }\n`,
    )
    assert.equal(value, null)
    const rules = sound?.require as readonly ({ id: string; atLeast?: unknown } | undefined)[]
    assert.deepEqual(
      rules.map((rule) => rule?.id),
      ['shift', 'other', 'third'],
    )
    assert.equal(rules[1]?.atLeast, undefined)
    assert.equal(rules[2]?.atLeast, 5)
  })
})

describe('the compiled schemas', () => {
  test('stand alone and judge as the schemas do', async () => {
    const code = compileSchemas()
    assert.doesNotMatch(code, /\brequire\(|^import /m)
    const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
    const compiled = (await import(url)) as {
      validatorOf: (kind: SchemaKind) => Validator
      schemaOf: (kind: SchemaKind) => unknown
    }
    const kinds = fc.constantFrom(...SCHEMA_KINDS)
    const values = fc.oneof(
      fc.object({
        key: fc.constantFrom('apiVersion', 'kind', 'id', 'require', 'title', 'risk', 'owners'),
        maxDepth: 2,
      }),
      ...Object.entries(SOUND).map(([kind, text]) => fc.constant(read(kind as Sound, text).value)),
    )
    fc.assert(
      fc.property(kinds, values, (kind, value) => {
        const [ours, theirs] = [validatorOf(kind), compiled.validatorOf(kind)]
        assert.equal(theirs(value), ours(value))
        assert.deepEqual(theirs.errors ?? [], ours.errors ?? [])
      }),
      { numRuns: 200 },
    )
    for (const kind of SCHEMA_KINDS) assert.equal(typeof compiled.schemaOf(kind), 'object')
  })
})
