import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../../engine/base/fault.ts'
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

  for (const [url, beginning] of [
    ['git@example.org:a/b.git', 'git@example.org:'],
    ['example.org:a/b.git', 'example.org:'],
    ['ssh://git@example.org/a/b.git', 'ssh://git@example.org/'],
    ['ssh://git@example.org:2222/a/b.git', 'ssh://git@example.org:2222/'],
    ['git+ssh://example.org/a/b.git', 'git+ssh://example.org/'],
    ['git://example.org/x', 'git://example.org/'],
    ['ext::sh -c id', 'ext:'],
    ['ssh://ana:secret@example.org/a/b.git', 'ssh://ana@example.org/'],
  ] as const) {
    test(`\`${url}\` is a fault that says what is supported and what to do`, () => {
      const folder = repository({ a: 'x' })
      git(folder, 'config', 'remote.origin.url', url)
      assert.throws(
        () => open(folder).remote(),
        (error) =>
          error instanceof Fault &&
          error.code === 'git/unsupported-remote' &&
          /https:\/\/.*folder/.test(error.message) &&
          error.hint?.includes(`insteadOf ${beginning}\``) === true &&
          error.hint.includes('tutela.remote none') &&
          !`${error.message}${error.hint}`.includes('secret'),
      )
      if (!url.includes('secret')) {
        git(folder, 'config', 'url.https://example.org/.insteadOf', beginning)
        assert.match(open(folder).remote()?.url ?? '', /^https:\/\/example\.org\//)
      }
      git(folder, 'config', 'tutela.remote', 'none')
      assert.equal(open(folder).remote(), null)
    })
  }
})

function nameAndUrl(folder: string): string[] {
  const remote = open(folder).remote()
  return remote === null ? [] : [remote.name, remote.url]
}
