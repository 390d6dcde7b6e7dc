// A merge into the branch that is checked out, and what a crash in the middle of it leaves.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { localForge } from '../../../engine/adapters/local-forge/local-forge.ts'
import { Fault } from '../../../engine/base/fault.ts'
import type { GitStore } from '../../../engine/world.ts'
import { memoryGit } from '../../memory-git.ts'
import { commitAll } from '../../scratch-repository.ts'
import { BRANCH, CARD, commitBy, day, draft, ENGINE, FILES, ID, MAIN } from './forge-draft.ts'

const folder = mkdtempSync(join(tmpdir(), 'tutela-merge-'))
after(() => rmSync(folder, { recursive: true }))
let made = 0

async function opened() {
  const root = join(folder, String(made++))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const git = commitAll(root)
  const forge = localForge(git, ENGINE)
  await forge.open(draft(git, 0))
  return { root, git, forge, options: await mergeOptions(git) }
}

async function mergeOptions(git: GitStore) {
  const [proposal] = await localForge(git, ENGINE).list(git.resolve('main') ?? '')
  const person = { name: 'Ana', email: 'ana@example.org', at: 1_800_000_001 }
  return { into: MAIN, head: proposal?.head ?? '', by: 'ana', person, at: day(9) }
}

test('the checked-out file follows, others are left as they are', async () => {
  const { root, git, forge, options } = await opened()
  writeFileSync(join(root, 'README.md'), 'my own work\n')
  await forge.merge(ID, options)
  assert.equal(readFileSync(join(root, CARD), 'utf8'), 'version: "1"\n')
  assert.equal(readFileSync(join(root, 'README.md'), 'utf8'), 'my own work\n')
  assert.deepEqual(git.workingTree().dirty, [])
})

test('so does a file outside the governed folders that a person changed on the branch', async () => {
  const { root, git, forge } = await opened()
  commitBy(git, BRANCH, { 'README.md': 'theirs\n' })
  writeFileSync(join(root, 'README.md'), 'my own work\n')
  const options = await mergeOptions(git)
  await assert.rejects(forge.merge(ID, options), (error) => error instanceof Fault && error.code === 'git/dirty')
  writeFileSync(join(root, 'README.md'), FILES['README.md'])
  await forge.merge(ID, options)
  assert.equal(readFileSync(join(root, 'README.md'), 'utf8'), 'theirs\n')
})

test('a changed file that would be overwritten refuses, and nothing is written', async () => {
  const { root, git, forge, options } = await opened()
  const before = git.listRefs('refs/')
  writeFileSync(join(root, CARD), 'mine\n')
  await assert.rejects(forge.merge(ID, options), (error) => error instanceof Fault && error.code === 'git/dirty')
  assert.deepEqual(git.listRefs('refs/'), before)
  assert.equal(readFileSync(join(root, CARD), 'utf8'), 'mine\n')
})

test('files that a crash left behind follow when the merge is asked again', async () => {
  const { root, git, options } = await opened()
  const dying: GitStore = {
    ...git,
    // As moveBranch leaves it when the process dies between the ref and the files.
    moveBranch: ({ ref, expect, to }) => {
      writeFileSync(join(git.gitDir, 'tutela-move.json'), JSON.stringify({ ref, from: expect, to }))
      git.updateRef({ ref, expect, to })
      throw new Error('crash')
    },
  }
  await assert.rejects(localForge(dying, ENGINE).merge(ID, options), /crash/)
  assert.equal(readFileSync(join(root, CARD), 'utf8'), FILES[CARD])
  await localForge(git, ENGINE).merge(ID, options)
  assert.equal(readFileSync(join(root, CARD), 'utf8'), 'version: "1"\n')
  assert.deepEqual(git.workingTree().dirty, [])
})

test('author and committer are the people who are named, and a branch that moved meanwhile is left as it is', async () => {
  const { git, forge, options } = await opened()
  const tip = git.resolve(MAIN) ?? ''
  const racing: GitStore = {
    ...git,
    requireMovable: (move) => {
      git.requireMovable(move)
      commitBy(git, MAIN, { 'other.txt': 'x\n' })
    },
  }
  await assert.rejects(localForge(racing, ENGINE).merge(ID, options), { code: 'forge/moved' })
  assert.deepEqual(
    git.firstParents(git.resolve(MAIN) ?? '', 2).map(({ author, id }) => (id === tip ? 'before' : author.name)),
    ['Rui', 'before'],
  )
  const committer = { name: 'Lia', email: 'lia@example.org', at: 1_800_000_002 }
  const { commit } = await forge.merge(ID, { ...options, committer })
  const merged = git.readCommit(commit)
  assert.deepEqual([merged.author.name, merged.committer], ['Ana', committer])
})

test('a crash before or after any write of a merge leaves one merge commit and a merged proposal', async () => {
  for (let n = 0; ; n++) {
    let reached = false
    for (const when of ['before', 'after'] as const) {
      const git = memoryGit(FILES)
      await localForge(git, ENGINE).open(draft(git, 0))
      commitBy(git, MAIN, { 'other.txt': 'x\n' }, 'Ana')
      const options = await mergeOptions(git)
      let calls = 0
      const crash = () => {
        if (calls++ === n) {
          reached = true
          throw new Error('crash')
        }
      }
      await localForge(git.withCrash({ [when]: crash }), ENGINE)
        .merge(ID, options)
        .catch((error) => assert.match(String(error), /crash/))
      const tip = git.resolve('main')
      await localForge(git, ENGINE).merge(ID, options)
      const [proposal] = await localForge(git, ENGINE).list(git.resolve('main') ?? '')
      assert.deepEqual(
        [proposal?.state, proposal?.merged.length, proposal?.merged[0]?.commit],
        ['merged', 1, git.resolve('main')],
      )
      assert.deepEqual(git.listRefs('refs/heads/tutela/'), [])
      assert.equal(git.readCommit(git.resolve('main') ?? '').parents[1], options.head)
      assert.ok(tip === git.resolve('main') || git.isAncestor(tip ?? '', git.resolve('main') ?? ''))
    }
    if (!reached) break
  }
})
