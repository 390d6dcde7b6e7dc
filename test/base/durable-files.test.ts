import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { appendDurably, createExclusiveDurably, removeDurably, writeDurably } from '../../engine/base/durable-files.ts'

const root = mkdtempSync(join(tmpdir(), 'tutela-durable-'))
after(() => rmSync(root, { recursive: true, force: true }))
let made = 0
function scratch(): string {
  const folder = join(root, String(made++))
  mkdirSync(folder)
  return folder
}

describe('durable files', () => {
  test('are written, replaced and removed, with folders made on the way', () => {
    const path = join(scratch(), 'a/b/file')
    writeDurably(path, 'one')
    writeDurably(path, Buffer.from('two'), { mode: 0o600 })
    assert.equal(readFileSync(path, 'utf8'), 'two')
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.deepEqual([removeDurably(path), removeDurably(path)], [true, false])
    assert.deepEqual(readdirSync(join(path, '..')), [])
  })

  test('are created only where there is none', () => {
    const path = join(scratch(), 'file')
    assert.deepEqual([createExclusiveDurably(path, 'one'), createExclusiveDurably(path, 'two')], [true, false])
    assert.equal(readFileSync(path, 'utf8'), 'one')
    assert.deepEqual(readdirSync(join(path, '..')), ['file'])
  })

  test('grow at their end', () => {
    const path = join(scratch(), 'x/log')
    appendDurably(path, 'one\n')
    appendDurably(path, Buffer.from('two\n'))
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n')
  })

  test('that cannot be written leave no temporary file', () => {
    const folder = scratch()
    mkdirSync(join(folder, 'taken/inside'), { recursive: true })
    assert.throws(() => writeDurably(join(folder, 'taken'), 'x'), { code: /EISDIR|ENOTEMPTY|EEXIST/ })
    writeFileSync(join(folder, 'file'), 'x')
    assert.throws(() => writeDurably(join(folder, 'file/below'), 'x'), { code: /ENOTDIR|EEXIST/ })
    assert.deepEqual(readdirSync(folder).sort(), ['file', 'taken'])
  })
})

const module = fileURLToPath(new URL('../../engine/base/durable-files.ts', import.meta.url))

function trace(script: string): string[] | null {
  const log = join(scratch(), 'log')
  const source = `import { writeDurably, createExclusiveDurably } from ${JSON.stringify(module)}\n${script}`
  const calls = 'trace=?rename,?renameat,?renameat2,?link,?linkat,?unlink,?unlinkat,fsync'
  const args = ['-qq', '-o', log, '-e', calls, process.execPath, '--input-type=module-typescript', '-e', source]
  const { status } = spawnSync('strace', args)
  if (status !== 0) return null
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('('))
    .map((line) => line.split('(')[0] ?? '')
}

test('the order of calls is: flush the file, rename or link, flush the folder', (context) => {
  const folder = scratch()
  const written = trace(`writeDurably(${JSON.stringify(join(folder, 'w'))}, 'x')`)
  const created = trace(`createExclusiveDurably(${JSON.stringify(join(folder, 'c'))}, 'x')`)
  if (written === null || created === null) {
    context.skip('strace is not here, or may not trace')
    return
  }
  assert.deepEqual(
    written.map((call) => call.replace(/at2?$/, '')),
    ['fsync', 'rename', 'fsync'],
  )
  assert.deepEqual(
    created.map((call) => call.replace(/at2?$/, '')),
    ['fsync', 'link', 'unlink', 'fsync'],
  )
})
