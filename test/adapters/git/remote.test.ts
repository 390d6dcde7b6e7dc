import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { GitRemote, GitStore } from '../../../engine/world.ts'
import { serveRepositories } from './http-backend.ts'
import { commit, fsck, git, gitAccepts, open, PERSON, repository, scratch, text } from './oracle.ts'

function remoteOf(store: GitStore): GitRemote {
  const remote = store.remote()
  assert.ok(remote !== null)
  return remote
}

function commitOn(store: GitStore, parent: string, files: Readonly<Record<string, string>>): string {
  const changes = new Map(
    Object.entries(files).map(([path, content]): [string, Uint8Array] => [path, Buffer.from(content)]),
  )
  return store.writeCommit({
    base: parent,
    parents: [parent],
    changes,
    message: 'run\n',
    author: PERSON,
    committer: PERSON,
  })
}

/** Made once, copied for each test: a bare repository with some history, and a clone of it. */
const template = ((): { bare: string; clone: string; tip: string } => {
  const origin = repository({ 'models/a/card.yaml': 'a\n', 'policies/p': 'p\n' })
  for (let i = 0; i < 5; i++) {
    commit(origin, { 'models/a/card.yaml': `${'same line\n'.repeat(40)}${i}\n`, [`models/m${i}/x`]: `${i}\n` })
  }
  const [bare, clone] = [join(scratch(), 'bare.git'), join(scratch(), 'clone')]
  git(origin, 'clone', '-q', '--bare', origin, bare)
  git(bare, 'config', 'http.receivepack', 'true')
  git(origin, 'clone', '-q', bare, clone)
  git(clone, 'remote', 'set-url', 'origin', '@place@')
  return { bare, clone, tip: git(origin, 'rev-parse', 'HEAD') }
})()

function bareWithClones(place: (bare: string) => string): { bare: string; one: string; two: string; tip: string } {
  const root = scratch()
  const [bare, one, two] = [join(root, 'bare.git'), join(root, 'one'), join(root, 'two')]
  cpSync(template.bare, bare, { recursive: true })
  for (const folder of [one, two]) {
    cpSync(template.clone, folder, { recursive: true })
    const config = join(folder, '.git/config')
    writeFileSync(config, readFileSync(config, 'utf8').replace('@place@', place(bare)))
  }
  return { bare, one, two, tip: template.tip }
}

const served = scratch()
const backend = await serveRepositories('/')

for (const kind of ['path', 'file', 'http'] as const) {
  const place = (bare: string): string => ({ path: bare, file: `file://${bare}`, http: `${backend.url}${bare}` })[kind]

  describe(`a remote by ${kind}`, () => {
    test('takes a push, and another clone fetches it', async () => {
      const { bare, one, two, tip } = bareWithClones(place)
      const store = open(one)
      const next = commitOn(store, tip, { 'reports/r.md': 'r\n', 'models/a/card.yaml': 'A\n' })
      const last = commitOn(store, next, { 'reports/s.md': 's\n' })
      const updates = [
        { ref: 'refs/heads/main', expect: tip, to: last },
        { ref: 'refs/tutela/delivered', expect: null, to: next },
      ]
      assert.equal(await remoteOf(store).push(updates), true)
      assert.equal(git(bare, 'rev-parse', 'main', 'refs/tutela/delivered'), `${last}\n${next}`)
      assert.equal(fsck(bare), '')

      const other = open(two)
      const remote = await remoteOf(other).fetch(['refs/heads/main', 'refs/tutela/*', 'refs/none'])
      assert.deepEqual([...remote].sort(), [
        ['refs/heads/main', last],
        ['refs/tutela/delivered', next],
      ])
      assert.equal(other.resolve('refs/tutela-remote/heads/main'), last)
      assert.equal(other.resolve('refs/tutela-remote/tutela/delivered'), next)
      assert.equal(text(other.commitTree(last).read('reports/r.md')), 'r\n')
      assert.equal(fsck(two), '')
    })

    test('refuses a push that expects another value, and takes none of its updates', async () => {
      const { bare, one, two, tip } = bareWithClones(place)
      const [a, b] = [open(one), open(two)]
      const first = commitOn(a, tip, { x: '1\n' })
      const second = commitOn(b, tip, { x: '2\n' })
      assert.equal(await remoteOf(a).push([{ ref: 'refs/heads/main', expect: tip, to: first }]), true)
      const late = [
        { ref: 'refs/tutela/a', expect: null, to: second },
        { ref: 'refs/heads/main', expect: tip, to: second },
      ]
      assert.equal(await remoteOf(b).push(late), false)
      assert.equal(git(bare, 'rev-parse', 'main'), first)
      assert.equal(gitAccepts(bare, 'rev-parse', '-q', '--verify', 'refs/tutela/a'), false)
      await remoteOf(b).fetch(['refs/heads/main'])
      const again = commitOn(b, first, { y: '2\n' })
      assert.equal(await remoteOf(b).push([{ ref: 'refs/heads/main', expect: first, to: again }]), true)
    })

    test('moves back and deletes where that is expected, and forgets what is gone', async () => {
      const { bare, one, two, tip } = bareWithClones(place)
      const store = open(one)
      const next = commitOn(store, tip, { x: '1\n' })
      const remote = remoteOf(store)
      await remote.push([{ ref: 'refs/heads/tutela/hold/a', expect: null, to: next }])
      await remoteOf(open(two)).fetch(['refs/heads/tutela/*'])
      assert.equal(await remote.push([{ ref: 'refs/heads/tutela/hold/a', expect: next, to: tip }]), true)
      assert.equal(git(bare, 'rev-parse', 'tutela/hold/a'), tip)
      assert.equal(await remote.push([{ ref: 'refs/heads/tutela/hold/a', expect: tip, to: null }]), true)
      assert.equal(gitAccepts(bare, 'rev-parse', '-q', '--verify', 'tutela/hold/a'), false)
      const other = open(two)
      assert.equal((await remoteOf(other).fetch(['refs/heads/tutela/*'])).size, 0)
      assert.deepEqual(other.listRefs('refs/tutela-remote/'), [])
    })

    test('gives its whole history to an empty repository, tags and all', async () => {
      const { bare, tip } = bareWithClones(place)
      git(bare, 'tag', '-a', '-m', 't', 'v1', tip)
      git(bare, 'repack', '-adq')
      const folder = repository()
      git(folder, 'remote', 'add', 'upstream', place(bare))
      const store = open(folder)
      assert.equal(remoteOf(store).name, 'upstream')
      await remoteOf(store).fetch(['refs/heads/*', 'refs/tags/*'])
      assert.equal(store.resolve('refs/tutela-remote/tags/v1'), tip)
      assert.equal(git(folder, 'rev-list', '--count', tip), '6')
      assert.equal(fsck(folder), '')
    })

    test('takes a first push when it is empty', async () => {
      const folder = repository({ a: 'x' })
      const bare = join(scratch(), 'empty.git')
      git(folder, 'init', '-q', '--bare', bare)
      git(bare, 'config', 'http.receivepack', 'true')
      git(folder, 'remote', 'add', 'origin', place(bare))
      const to = git(folder, 'rev-parse', 'HEAD')
      assert.equal((await remoteOf(open(folder)).fetch(['refs/heads/*'])).size, 0)
      assert.equal(await remoteOf(open(folder)).push([{ ref: 'refs/heads/main', expect: null, to }]), true)
      assert.equal(git(bare, 'rev-parse', 'main'), to)
    })
  })
}

describe('over HTTP', () => {
  test('a thousand files go in one push, and come as deltas', async () => {
    const { bare, one, two, tip } = bareWithClones((path) => `${backend.url}${path}`)
    const store = open(one)
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`reports/${i % 40}/${i}`, `${'text '.repeat(40)}${i}\n`]),
    )
    const to = commitOn(store, tip, files)
    assert.equal(await remoteOf(store).push([{ ref: 'refs/heads/main', expect: tip, to }]), true)
    git(bare, 'repack', '-adfq')
    await remoteOf(open(two)).fetch(['refs/heads/main'])
    assert.equal(text(open(two).commitTree(to).read('reports/7/7')), files['reports/7/7'])
    assert.equal(fsck(two), '')
  })

  test('a refusal by a hook is a fault with its reason', async () => {
    const { bare, one, tip } = bareWithClones((path) => `${backend.url}${path}`)
    addHook(bare, 'update', '#!/bin/sh\necho no >&2\nexit 1\n')
    const store = open(one)
    const to = commitOn(store, tip, { x: '1\n' })
    await assert.rejects(remoteOf(store).push([{ ref: 'refs/heads/main', expect: tip, to }]), {
      code: 'git/refused',
      message: /refs\/heads\/main.*hook declined/,
    })
  })

  test('credentials are taken from the URL, the token or a header, and are never shown', async () => {
    const { bare, one, tip } = bareWithClones((path) => path)
    const locked = await serveRepositories('/', 'ana:s3cret')
    const url = `${locked.url}${bare}`
    const fetched = async (): Promise<unknown> =>
      (await remoteOf(open(one)).fetch(['refs/heads/main'])).get('refs/heads/main')
    git(one, 'remote', 'set-url', 'origin', url)
    await assert.rejects(fetched(), { code: 'git/not-allowed' })
    git(one, 'remote', 'set-url', 'origin', url.replace('//', '//ana:wrong-s3cret@'))
    await assert.rejects(fetched(), (error: Error) => !`${error.message}${error.stack}`.includes('wrong-s3cret'))
    git(one, 'remote', 'set-url', 'origin', url.replace('//', '//ana:s3cret@'))
    assert.equal(await fetched(), tip)
    assert.equal(remoteOf(open(one)).url, url)
    git(one, 'remote', 'set-url', 'origin', url)
    git(
      one,
      'config',
      `http.${locked.url}/.extraheader`,
      `AUTHORIZATION: Basic ${Buffer.from('ana:s3cret').toString('base64')}`,
    )
    assert.equal(await fetched(), tip)
    git(one, 'config', '--unset', `http.${locked.url}/.extraheader`)
    process.env.TUTELA_GIT_USER = 'ana'
    process.env.TUTELA_GIT_TOKEN = 's3cret'
    try {
      assert.equal(await fetched(), tip)
      const store = open(one)
      git(bare, 'config', 'http.receivepack', 'true')
      const to = commitOn(store, tip, { x: '1\n' })
      assert.equal(await remoteOf(store).push([{ ref: 'refs/heads/main', expect: tip, to }]), true)
    } finally {
      delete process.env.TUTELA_GIT_USER
      delete process.env.TUTELA_GIT_TOKEN
    }
  })

  test('no server, no repository, no Git there: faults that name the address', async () => {
    const folder = repository({ a: 'x' })
    for (const url of ['http://127.0.0.1:1/x.git', `${backend.url}${served}/none.git`]) {
      git(folder, 'config', 'remote.origin.url', url)
      await assert.rejects(remoteOf(open(folder)).fetch(['refs/heads/*']), {
        code: 'git/remote',
        message: new RegExp(url),
      })
    }
  })

  test('a shallow clone pushes and fetches', async () => {
    const { bare, tip } = bareWithClones((path) => path)
    const folder = join(scratch(), 'shallow')
    git(bare, 'clone', '-q', '--depth=1', `file://${bare}`, folder)
    git(folder, 'remote', 'set-url', 'origin', `${backend.url}${bare}`)
    const store = open(folder)
    const to = commitOn(store, tip, { x: '1\n' })
    assert.equal(await remoteOf(store).push([{ ref: 'refs/heads/main', expect: tip, to }]), true)
    assert.equal(fsck(bare), '')
    git(bare, 'update-ref', 'refs/heads/side', git(bare, 'commit-tree', '-p', to, '-m', 'side', `${to}^{tree}`))
    await remoteOf(store).fetch(['refs/heads/*'])
    assert.equal(store.resolve('refs/tutela-remote/heads/side~1'), to)
    assert.equal(fsck(folder), '')
  })
})

describe('a remote in a folder', () => {
  test('with hooks is refused rather than passed over', async () => {
    const { bare, one, tip } = bareWithClones((path) => path)
    addHook(bare, 'pre-receive', '#!/bin/sh\n')
    await assert.rejects(remoteOf(open(one)).push([{ ref: 'refs/heads/x', expect: null, to: tip }]), {
      code: 'git/remote-hooks',
    })
  })

  test('keeps the branch that is checked out there', async () => {
    const folder = repository({ a: 'x' })
    const clone = join(scratch(), 'clone')
    git(folder, 'clone', '-q', folder, clone)
    const store = open(clone)
    const tip = store.resolve('HEAD') ?? ''
    const to = commitOn(store, tip, { b: 'y\n' })
    await assert.rejects(remoteOf(store).push([{ ref: 'refs/heads/main', expect: tip, to }]), {
      code: 'git/checked-out',
    })
    assert.equal(await remoteOf(store).push([{ ref: 'refs/heads/other', expect: null, to }]), true)
    assert.equal(fsck(folder), '')
    assert.equal(readdirSync(folder).includes('b'), false)
  })

  test('obeys receive.denyNonFastForwards and receive.denyDeletes', async () => {
    const { bare, one, tip } = bareWithClones((path) => path)
    git(bare, 'config', 'receive.denyNonFastForwards', 'true')
    git(bare, 'config', 'receive.denyDeletes', 'true')
    const remote = remoteOf(open(one))
    const back = git(bare, 'rev-parse', 'main~1')
    assert.equal(await remote.push([{ ref: 'refs/heads/main', expect: tip, to: back }]), false)
    assert.equal(await remote.push([{ ref: 'refs/heads/main', expect: tip, to: null }]), false)
  })

  test('that is none is a fault', async () => {
    const { one } = bareWithClones(() => '/nonexistent/x.git')
    await assert.rejects(remoteOf(open(one)).fetch(['refs/heads/*']), { code: 'git/no-remote' })
  })
})

function addHook(bare: string, name: string, script: string): void {
  mkdirSync(join(bare, 'hooks'), { recursive: true })
  writeFileSync(join(bare, 'hooks', name), script, { mode: 0o755 })
}
