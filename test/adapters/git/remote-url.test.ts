import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { git, open, repository } from './oracle.ts'

describe('which remote is meant', () => {
  test("the branch's own, else origin, else the only one; with insteadOf", () => {
    const folder = repository({ a: 'x' })
    assert.equal(open(folder).remote(), null)
    git(folder, 'remote', 'add', 'first', '/one')
    assert.deepEqual(nameAndUrl(folder), ['first', '/one'])
    git(folder, 'remote', 'add', 'second', '/two')
    assert.equal(open(folder).remote(), null)
    git(folder, 'remote', 'add', 'origin', 'short:repo')
    git(folder, 'config', 'url.https://u:p@example.org/.insteadOf', 'short:')
    assert.deepEqual(nameAndUrl(folder), ['origin', 'https://example.org/repo'])
    git(folder, 'config', 'branch.main.remote', 'second')
    assert.deepEqual(nameAndUrl(folder), ['second', '/two'])
  })

  test('ssh is a fault that says what to do', () => {
    const folder = repository({ a: 'x' })
    for (const url of ['git@example.org:a/b.git', 'ssh://git@example.org/a/b.git', 'git://example.org/x']) {
      git(folder, 'config', 'remote.origin.url', url)
      assert.throws(() => open(folder).remote(), { code: 'git/unsupported-remote' }, url)
    }
  })
})

function nameAndUrl(folder: string): string[] {
  const remote = open(folder).remote()
  return remote === null ? [] : [remote.name, remote.url]
}
