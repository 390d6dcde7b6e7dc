// The public JSON Logic cases in three columns: same value, refused at load, different value. The third must stay empty;
// the second is the list in json-logic-refused.txt, compared strictly and rewritten with UPDATE=1.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { applyLogic } from '../../engine/evaluate/json-logic.ts'
import { guardExpression } from '../../engine/evaluate/logic-guard.ts'
import type { LogicType, Refusal } from '../../engine/evaluate/logic-operators.ts'

const ROOT = path.join(import.meta.dirname, '../../../shared/vectors/json-logic')
const REFUSED = path.join(import.meta.dirname, 'json-logic-refused.txt')
const skip = fs.existsSync(ROOT) ? false : 'the public vectors (../shared/vectors/json-logic) are not here'

interface Case {
  readonly name: string
  readonly rule: unknown
  readonly data: unknown
  readonly expected: { readonly value: unknown } | 'error'
  readonly decimal: boolean
}

test('no public case that the guard accepts has another value', { skip }, () => {
  const columns = sortCases(readCases())
  assert.deepEqual(columns.different, [])
  assert.ok(columns.same.length > 150, `only ${columns.same.length} cases are accepted`)
})

test('the cases that the guard refuses are those that are listed', { skip }, () => {
  const { refused } = sortCases(readCases())
  const text = `${refused.join('\n')}\n`
  if (process.env.UPDATE === '1') fs.writeFileSync(REFUSED, text)
  assert.equal(fs.readFileSync(REFUSED, 'utf8'), text)
})

function sortCases(cases: readonly Case[]) {
  const columns = { same: [] as string[], refused: [] as string[], different: [] as string[] }
  for (const one of cases) {
    const said = evaluate(one)
    if ('refused' in said) columns.refused.push(`${one.name} | ${said.refused}`)
    else if (isSame(said.value, one)) columns.same.push(one.name)
    else columns.different.push(`${one.name}: ${JSON.stringify(one.rule)} is ${JSON.stringify(said.value)}`)
  }
  return columns
}

function evaluate({ rule, data }: Case): { readonly refused: string } | { readonly value: unknown } {
  const guarded = guardExpression(rule, (name) => typeIn(data, name))
  if ('refusals' in guarded) return { refused: guarded.refusals[0]?.message ?? '' }
  const values = Object.fromEntries(guarded.variables.map((name, i) => [`v${i}`, valueIn(data, name)]))
  const result = applyLogic(guarded.expression, values)
  return result === 'not-finite' ? { refused: 'not finite when evaluated' } : result
}

/** The variables of a case are its data: a name that leads to a value of one type. */
function typeIn(data: unknown, name: string): LogicType | Refusal {
  const type = typeOf(valueIn(data, name))
  return type ?? { code: 'evaluate/unknown-variable', message: `unknown variable \`${name}\``, hint: 'none' }
}

function typeOf(value: unknown): LogicType | null {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  if (!Array.isArray(value)) return null
  const types = [...new Set(value.map(typeOf))]
  const [type] = types
  return types.length === 1 && (type === 'number' || type === 'text' || type === 'boolean') ? `list of ${type}` : null
}

function valueIn(data: unknown, name: string): unknown {
  if (name === '') return undefined
  return name.split('.').reduce<unknown>((at, part) => {
    const own = typeof at === 'object' && at !== null && Object.hasOwn(at, part)
    return own ? (at as Record<string, unknown>)[part] : undefined
  }, data)
}

function isSame(value: unknown, { expected, decimal }: Case): boolean {
  if (expected === 'error') return false
  if (decimal && typeof value === 'number' && typeof expected.value === 'number') {
    return Math.abs(value - expected.value) < 1e-10
  }
  try {
    assert.deepStrictEqual(value, expected.value)
    return true
  } catch {
    return false
  }
}

function readCases(): Case[] {
  const suites = JSON.parse(fs.readFileSync(path.join(ROOT, 'suites/index.json'), 'utf8')) as string[]
  const original = readJson('tests.json').map((entry, i) => ({ entry, name: `tests.json#${i}` }))
  const community = suites.flatMap((file) =>
    readJson(`suites/${file}`).map((entry, i) => ({ entry, name: `suites/${file}#${i}` })),
  )
  return [...original, ...community].flatMap(({ entry, name }) => readCase(entry, name))
}

function readJson(file: string): unknown[] {
  return JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8')) as unknown[]
}

function readCase(entry: unknown, name: string): Case[] {
  if (typeof entry === 'string') return []
  if (Array.isArray(entry))
    return [{ name, rule: entry[0], data: entry[1], expected: { value: entry[2] }, decimal: false }]
  const one = entry as Record<string, unknown>
  const expected = 'error' in one ? 'error' : { value: one.result }
  return [{ name, rule: one.rule, data: one.data ?? {}, expected, decimal: one.decimal === true }]
}
