import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileChannel } from '../../engine/adapters/file-channel.ts'
import type { Notice } from '../../engine/domain/notice.ts'

const notice: Notice = {
  key: 'ab'.repeat(32),
  evidence: 'cd'.repeat(32),
  title: 'título',
  text: 'título\nlinha',
  data: { model: 'm' },
}

/** Files in memory that count what is written. */
function memoryFiles() {
  const held = new Map<string, Uint8Array>()
  const written: string[] = []
  return {
    held,
    written,
    read: (path: string) => held.get(path) ?? null,
    write: (path: string, bytes: Uint8Array | string) => {
      written.push(path)
      held.set(path, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes)
    },
  }
}

test('a notice is one file named for its key and evidence', async () => {
  const files = memoryFiles()
  const sent = await fileChannel(files, '/r/.git/tutela/notices').send(notice)
  assert.deepEqual(sent, { ref: 'abababababababab-cdcdcdcdcdcdcdcd.json' })
  const text = new TextDecoder().decode(files.held.get('/r/.git/tutela/notices/abababababababab-cdcdcdcdcdcdcdcd.json'))
  assert.deepEqual(JSON.parse(text), { apiVersion: 'tutela/v1', kind: 'Notice', ...notice })
})

test('sending it again writes nothing; a torn file is written whole', async () => {
  const files = memoryFiles()
  const channel = fileChannel(files, '/n')
  await channel.send(notice)
  await channel.send(notice)
  assert.equal(files.written.length, 1)
  files.held.set('/n/abababababababab-cdcdcdcdcdcdcdcd.json', new Uint8Array([1]))
  await channel.send(notice)
  assert.equal(files.written.length, 2)
})

test('a key that is no hash never becomes a file name', async () => {
  const files = memoryFiles()
  await assert.rejects(fileChannel(files, '/n').send({ ...notice, key: '../../etc/passwd' }), {
    code: 'notify/bad-notice',
  })
  assert.deepEqual(files.written, [])
})
