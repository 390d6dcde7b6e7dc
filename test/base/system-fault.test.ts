import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { systemFault } from '../../engine/base/system-fault.ts'

test('a system error becomes a fault that names the call, the path and what to do', () => {
  let error: unknown
  try {
    readFileSync('/nowhere/at/all')
  } catch (caught) {
    error = caught
  }
  const fault = systemFault(error)
  assert.equal(fault?.code, 'system/enoent')
  assert.equal(fault?.message, 'cannot open `/nowhere/at/all` (ENOENT)')
  assert.match(fault?.hint ?? '', /check the path/)
})

test('anything else stays what it is', () => {
  for (const other of [new Error('internal error: x'), new TypeError('x'), { code: 'ENOSPC' }, 'text', null]) {
    assert.equal(systemFault(other), null)
  }
})
