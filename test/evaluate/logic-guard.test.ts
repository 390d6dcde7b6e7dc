// The guard before json-logic-js: what it accepts, what it refuses with which words, and that nothing gets around it.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import { applyLogic } from '../../engine/evaluate/json-logic.ts'
import { guardExpression } from '../../engine/evaluate/logic-guard.ts'
import type { LogicType } from '../../engine/evaluate/logic-operators.ts'
import { guardRules } from '../../engine/evaluate/logic-rule.ts'
import { logicRule, METRIC_LIST, policy, rulebook } from './small-world.ts'

const guard = (failsWhen: unknown) => {
  const rules = [logicRule(failsWhen)]
  return guardRules(rulebook([policy(rules, { params: { limit: 0.7, name: 'x', on: true } })]), METRIC_LIST)
}
const number = { var: 'metrics.performance.auc' }
const text = { var: 'card.risk.tier' }

const ACCEPTED: readonly unknown[] = [
  { '<': [number, 0.7] },
  { '<': [number, { var: 'params.limit' }] },
  { '<': [{ var: ['metrics.drift.psi.income'] }, 0.7] },
  { '<': [{ var: 'metrics.fairness.selection_rate.sex=F' }, 0.7] },
  { '<': [{ var: 'metrics.sla.latency_p95_ms./v1.2/score' }, 100] },
  { '<=': [0, number, 1] },
  { '==': [text, 'high'] },
  { and: [{ '!==': [{ var: 'params.on' }, false] }, { '>': [number, 0] }] },
  { in: [text, ['high', 'critical']] },
  { in: ['income', { var: 'card.data.features[].name' }] },
  { in: ['igh', text] },
  { and: [{ '>': [number, 0] }, { or: [{ '!': { '>': [number, 0] } }, true] }] },
  { if: [{ '==': [text, 'high'] }, { '<': [number, 0.8] }, { '<': [number, 0.7] }] },
  { '>': [{ '+': [number, { '*': [2, number] }, { '-': [number] }] }, { '/': [number, 3] }] },
  { '>=': [{ max: [number, 1] }, { min: [number, { '%': [7, 2] }] }] },
  { '>': [{ var: 'card.objectives.latency_p95_ms' }, 1] },
]
for (const expression of ACCEPTED) {
  test(`accepts ${JSON.stringify(expression)}`, () => assert.deepEqual(guard(expression), []))
}

const REFUSED: readonly [expression: unknown, code: string, message: RegExp, hint?: RegExp][] = [
  [true, 'constant-expression', /is always true: it reads no measurement and no field of a card/],
  [{ '==': [1, 1] }, 'constant-expression', /is always true/],
  [{ '>': [{ var: 'params.limit' }, 0.9] }, 'constant-expression', /is always false/],
  [{ '>': [{ '/': [1, 0] }, 0.9] }, 'constant-expression', /is never a finite number/],
  [
    { '<': [{ var: 'metrics.performance.acu' }, 1] },
    'unknown-variable',
    /unknown variable `metrics.performance.acu`/,
    /did you mean `metrics.performance.auc`/,
  ],
  [
    { '<': [{ var: 'metrics.drift.psi' }, 1] },
    'unknown-variable',
    /unknown variable/,
    /measured per feature: name one, `metrics.drift.psi.<feature>`/,
  ],
  [
    { '<': [{ var: 'metrics.performance.auc.income' }, 1] },
    'unknown-variable',
    /unknown variable/,
    /for the model as a whole/,
  ],
  [{ '<': [{ var: 'metrics.performance.auc.' }, 1] }, 'unknown-variable', /unknown variable/],
  [
    { '==': [{ var: 'card.risk.teir' }, 'high'] },
    'unknown-variable',
    /`card.risk.teir`/,
    /did you mean `card.risk.tier`/,
  ],
  [{ '==': [{ var: 'card.__proto__' }, 'high'] }, 'unknown-variable', /`card.__proto__`/],
  [{ '==': [{ var: 'card.objectives.*' }, 1] }, 'unknown-variable', /`card.objectives.\*`/],
  [{ '<': [number, { var: 'params.limti' }] }, 'unknown-variable', /`params.limti`/, /did you mean `params.limit`/],
  [{ '<': [number, { var: 'params.constructor' }] }, 'unknown-variable', /`params.constructor`/],
  [{ '<': [number, { var: 'limit' }] }, 'unknown-variable', /`limit`/, /a variable is `metrics.<id>`/],
  [{ '<': [number, { var: '' }] }, 'unknown-variable', /unknown variable ``/],
  [{ '<': [number, { var: ['params.limit', 1] }] }, 'bad-expression', /`var` takes one name/, /onMissing/],
  [{ '<': [number, { var: { cat: ['a'] } }] }, 'bad-expression', /`var` takes one name/],
  [{ '<': [number, { var: 1 }] }, 'bad-expression', /`var` takes one name/],
  [{ adn: [true, true] }, 'unknown-operator', /unknown operator `adn`/, /did you mean `and`/],
  [{ log: 'x' }, 'unknown-operator', /`log`/, /operators: and, or/],
  [{ map: [[1], true] }, 'unknown-operator', /`map`/],
  [{ missing: ['a'] }, 'unknown-operator', /`missing`/],
  [{ constructor: [] }, 'unknown-operator', /`constructor`/],
  [JSON.parse('{"__proto__": []}'), 'unknown-operator', /`__proto__`/],
  [{ finite: [1] }, 'unknown-operator', /`finite`/],
  [{ '<': [number, '0.7'] }, 'mixed-types', /`<` takes number operands, not text/],
  [{ '<': ['a', 'b'] }, 'mixed-types', /`<` takes number operands, not text/],
  [{ '==': [number, '0'] }, 'mixed-types', /`==` needs operands of one type, not number and text/],
  [{ '==': [{ var: 'card.owners' }, { var: 'card.owners' }] }, 'bad-expression', /single values/, /`in`/],
  [{ in: [number, ['a']] }, 'mixed-types', /not for number in list of text/],
  [{ in: [text, []] }, 'bad-expression', /an empty list/],
  [{ in: [text, ['a', 1]] }, 'mixed-types', /a list needs operands of one type/],
  [{ in: [text, [['a']]] }, 'bad-expression', /not lists/],
  [{ and: [number, true] }, 'mixed-types', /`and` takes boolean operands, not number/],
  [{ '!': [[]] }, 'bad-expression', /an empty list/],
  [{ '!!': '0' }, 'mixed-types', /`!!` takes boolean operands, not text/],
  [{ and: true }, 'bad-expression', /`and` takes a list of operands/],
  [{ and: [] }, 'bad-expression', /`and` takes at least 1 operands, not 0/],
  [{ '>': [3, 2, 1] }, 'bad-expression', /`>` takes 2 operands, not 3/],
  [{ '<': [{ '-': [1, 2, 3] }, 1] }, 'bad-expression', /`-` takes 1 to 2 operands, not 3/],
  [{ if: [true, 1] }, 'bad-expression', /condition and value in pairs/],
  [{ if: [true, true, 1] }, 'mixed-types', /one type, not boolean and number/],
  [{ if: ['x', true, false] }, 'mixed-types', /`if` takes boolean operands, not text/],
  [{ '<': [number, null] }, 'bad-expression', /`null` is no value/],
  [{ '<': [number, Number.NaN] }, 'bad-expression', /finite/],
  [{}, 'bad-expression', /one key/, /got none/],
  [{ '<': [1, 2], '>': [1, 2] }, 'bad-expression', /one key/, /got `<`, `>`/],
  [null, 'bad-expression', /no value/],
  [number, 'bad-expression', /`failsWhen` must be true or false, and this is number/],
  [['a'], 'bad-expression', /this is list of text/],
  [{ '==': ['x'.repeat(1001), text] }, 'bad-expression', /longer than 1000/],
]
for (const [expression, code, message, hint] of REFUSED) {
  test(`refuses ${JSON.stringify(expression).slice(0, 80)}`, () => {
    const [diagnostic, ...others] = guard(expression)
    assert.deepEqual(others, [])
    assert.equal(diagnostic?.code, `evaluate/${code}`)
    assert.match(diagnostic?.message ?? '', message)
    assert.match(diagnostic?.hint ?? '', hint ?? /^/)
    assert.deepEqual(
      [diagnostic?.severity, diagnostic?.file, diagnostic?.line, diagnostic?.column],
      ['error', 'policies/p.yaml', 7, 5],
    )
  })
}

test('all that is wrong with an expression is told at once', () => {
  const codes = guard({ and: [{ '<': [{ var: 'x' }, 1] }, { adn: [] }, { '==': [1, 'a'] }] }).map((d) => d.code)
  assert.deepEqual(codes, ['evaluate/unknown-variable', 'evaluate/unknown-operator', 'evaluate/mixed-types'])
})

test('size and depth are bounded, and told once', () => {
  let deep: unknown = true
  for (let i = 0; i < 100_000; i++) deep = { '!': [deep] }
  const wide = { and: Array.from({ length: 100_000 }, () => true) }
  for (const expression of [deep, wide]) {
    const told = guard(expression)
    assert.equal(told.length, 1)
    assert.match(told[0]?.message ?? '', /too large: at most 500 values and operations, 24 deep/)
  }
})

// ------------------------------------------------------------------------------------------------------ laws

const KEYS = [
  'and',
  'or',
  '!',
  '<',
  '>=',
  '==',
  'in',
  'if',
  '+',
  '/',
  '-',
  'max',
  'var',
  'cat',
  'map',
  'method',
  '__proto__',
  'constructor',
  'finite',
  'x',
]
const NAMES = ['n', 't', 'b', 'l', '__proto__', 'constructor.constructor', '', 'n.toString']

/** Anything that YAML can hold, made mostly of what looks like JSON Logic. */
const anyExpression = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(0, 1, -1, 1e308, true, false, 'a', '', '0', null),
    fc.constantFrom(...NAMES).map((name) => ({ var: name })),
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .tuple(fc.constantFrom(...KEYS), fc.array(tie('node'), { maxLength: 4 }))
      .map(([key, list]) => operation(key, list)),
    fc.tuple(fc.constantFrom(...KEYS), tie('node')).map(([key, one]) => operation(key, one)),
    fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 2 }),
  ),
})).node

function operation(key: string, operand: unknown): unknown {
  return Object.defineProperty({}, key, { value: operand, enumerable: true, configurable: true, writable: true })
}

const TYPES: ReadonlyMap<string, LogicType> = new Map<string, LogicType>([
  ['n', 'number'],
  ['t', 'text'],
  ['b', 'boolean'],
  ['l', 'list of text'],
])
const VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['n', 0.5],
  ['t', 'a'],
  ['b', true],
  ['l', ['a', 'b']],
])

test('whatever the guard accepts evaluates, without a throw, to a value of the type it said', () => {
  let accepted = 0
  fc.assert(
    fc.property(anyExpression, (expression) => {
      const guarded = guardExpression(
        expression,
        (name) => TYPES.get(name) ?? { code: 'evaluate/unknown-variable', message: name, hint: 'none' },
      )
      if ('refusals' in guarded) {
        assert.ok(guarded.refusals.length > 0)
        return
      }
      accepted++
      const data = Object.fromEntries(guarded.variables.map((name, i) => [`v${i}`, VALUES.get(name)]))
      const result = applyLogic(guarded.expression, data)
      if (result !== 'not-finite') assert.equal(typeOf(result.value), guarded.type)
    }),
    { numRuns: 3000 },
  )
  assert.ok(accepted > 100, `only ${accepted} were accepted`)
})

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return `list of ${typeOf(value[0])}`
  return typeof value === 'string' ? 'text' : typeof value
}
