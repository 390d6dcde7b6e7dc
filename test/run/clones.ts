// Clones of one bare remote, for tests of runs that race for it. The remote is a folder, or the same folder over HTTP.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { GitStore } from '../../engine/world.ts'
import { git } from './finished-run.ts'
import { giveKey, governedRepository, openStore, scratch } from './governed-repository.ts'

export interface Clones {
  /** The bare repository. */
  readonly remote: string
  /** `url`: where from, when not from the folder itself. */
  clone(url?: string): string
}

/** A bare remote with the governed repository on `main`. */
export function clonesOf(changed: Readonly<Record<string, string | null>> = {}): Clones {
  const remote = join(scratch(), 'governed.git')
  execFileSync('git', ['clone', '-q', '--bare', governedRepository(changed), remote])
  git(remote, 'config', 'http.receivepack', 'true')
  return {
    remote,
    clone: (url) => {
      const folder = join(scratch(), 'clone')
      execFileSync('git', ['clone', '-q', url ?? remote, folder])
      giveKey(join(folder, '.git'))
      return folder
    },
  }
}

/** The store of a clone in which something happens just before its first push. */
export function beforeFirstPush(folder: string, happens: () => Promise<unknown>): GitStore {
  return beforePush(folder, async (nth) => {
    if (nth === 1) await happens()
  })
}

/** The store of a clone whose process dies when it has pushed so often. */
export function dyingAfterPushes(folder: string, pushes: number): GitStore {
  return beforePush(folder, async (nth) => {
    if (nth > pushes) throw new Error('killed')
  })
}

function beforePush(folder: string, happens: (nth: number) => Promise<void>): GitStore {
  const store = openStore(folder)
  let pushes = 0
  return {
    ...store,
    remote: () => {
      const remote = store.remote()
      if (remote === null) return null
      return {
        ...remote,
        push: async (updates) => {
          await happens(++pushes)
          return remote.push(updates)
        },
      }
    },
  }
}
