// What trino-client loses or turns into text, and the names of tables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOfName } from '../../../engine/adapters/trino/table-name.ts'
import { trinoCell } from '../../../engine/adapters/trino/trino-cell.ts'
import { Fault } from '../../../engine/base/fault.ts'

test('cells come as the port says, whatever the JSON held', () => {
  assert.deepEqual(trinoCell('NaN', 'double'), Number.NaN)
  assert.equal(trinoCell('Infinity', 'double'), Number.POSITIVE_INFINITY)
  assert.equal(trinoCell('-Infinity', 'real'), Number.NEGATIVE_INFINITY)
  assert.equal(trinoCell(1.5, 'double'), 1.5)
  assert.equal(trinoCell('1.25', 'decimal(3, 2)'), 1.25)
  assert.equal(trinoCell(12, 'bigint'), 12)
  assert.equal(trinoCell(null, 'bigint'), null)
  assert.equal(trinoCell('NaN', 'varchar'), 'NaN')
  assert.deepEqual(trinoCell(['NaN', 1, null], 'array(double)'), [Number.NaN, 1, null])
})

test('a whole number that JSON has rounded is refused', () => {
  // biome-ignore lint/correctness/noPrecisionLoss: the number as the client gives it
  assert.throws(() => trinoCell(9007199254740993, 'bigint'), isFault('observe/sql'))
  assert.throws(() => trinoCell({ a: 1 }, 'map(varchar, bigint)'), isFault('observe/sql'))
})

test('a table has one to three parts, quoted or plain, and nothing else', () => {
  const cases: [string, string[]][] = [
    ['loans', ['loans']],
    ['risk.loans', ['risk', 'loans']],
    ['hive.risk."2026 loans"', ['hive', 'risk', '2026 loans']],
    ['"a""b"', ['a"b']],
  ]
  for (const [name, parts] of cases) assert.deepEqual(partsOfName(name), parts)
  for (const name of ['', '.', '.a', 'a.', 'a..b', 'a.b.c.d', 'a; DROP TABLE b', 'a b', '"a', 'a"b"', "a'b", '1a']) {
    assert.throws(() => partsOfName(name), isFault('observe/unreadable'), name)
  }
})

function isFault(code: string) {
  return (error: unknown) => error instanceof Fault && error.code === code
}
