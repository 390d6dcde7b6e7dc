// Who must not be one person is not made two by hidden characters or by how accents are encoded.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAlikePerson } from '../../engine/load/teams.ts'

test('spellings of one name are one person, other names are others', () => {
  const pairs = [
    ['user:jos\u00e9', 'user:jose\u0301'],
    ['user:rui', 'user:r\u200bui'],
    ['user:rui', 'user:Rui'],
    ['user:lia', 'user:l\uff49a'],
    ['user:rui', 'user:r.ui'],
  ] as const
  for (const [a, b] of pairs) assert.equal(isAlikePerson(a, b), true, `${a} ${b}`)
  assert.equal(isAlikePerson('user:rui', 'user:ana'), false)
  assert.equal(isAlikePerson('user:rui', 'team:rui'), false)
})
