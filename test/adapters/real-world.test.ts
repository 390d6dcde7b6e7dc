import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tutela-world-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const { files } = assembleWorld(0)

test('a file is written through a link, which stays one', () => {
  writeFileSync(join(folder, 'file'), 'old')
  symlinkSync('file', join(folder, 'link'))
  files.write(join(folder, 'link'), 'new')
  assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink())
  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'new')
})

const device = join(folder, 'null')
const made = spawnSync('mknod', [device, 'c', '1', '3']).status === 0

test('a device is written to, and stays one', { skip: made ? false : 'no device can be made here' }, () => {
  files.write(device, 'text')
  assert.ok(lstatSync(device).isCharacterDevice())
})

test('of a file that never ends, or is larger than memory, the beginning is read', () => {
  const large = join(folder, 'large')
  writeFileSync(large, '{')
  truncateSync(large, 5 * 1024 ** 4)
  for (const path of ['/dev/zero', large]) assert.equal(files.read(path, 3_000_000)?.length, 3_000_000)
  assert.equal(Buffer.from(files.read(join(folder, 'file'), 3_000_000) ?? []).toString(), 'new')
  assert.equal(files.read(join(folder, 'absent'), 1), null)
})

test('folders on the way are made', () => {
  files.write(join(folder, 'a/b/c'), new Uint8Array([1]), 0o600)
  assert.equal(lstatSync(join(folder, 'a/b/c')).mode & 0o777, 0o600)
})
