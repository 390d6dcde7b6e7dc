// Scratch Git repositories for tests, made with the engine's own store: fixed author and date, so ids are fixed too.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { createRepository } from '../engine/adapters/git/create-repository.ts'
import type { GitStore } from '../engine/world.ts'

const PERSON = { name: 'Ana', email: 'ana@example.org', at: Date.UTC(2026, 0, 1) / 1000 }

/** Makes a repository of a folder and commits every file in it on `main`. */
export function commitAll(folder: string): GitStore {
  const changes = new Map(filesBelow(folder).map((path) => [path, new Uint8Array(readFileSync(join(folder, path)))]))
  const store = createRepository(folder)
  const commit = store.writeCommit({
    base: null,
    parents: [],
    changes,
    message: 'first\n',
    author: PERSON,
    committer: PERSON,
  })
  store.updateRef({ ref: 'refs/heads/main', expect: null, to: commit })
  store.followCheckout(null, commit, [...changes.keys()])
  return store
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => relative(folder, join(folder, path)).split(sep).join('/'))
    .filter((path) => !path.startsWith('.git/'))
    .sort()
}
