// Ports of a delivery over a repository in memory, with a forge, a trigger and channels that count, and a crash at any
// one call of theirs: before it acts, or right after.
import { localForge } from '../../engine/adapters/local-forge/local-forge.ts'
import type { DeliveryPorts } from '../../engine/remediate/deliver.ts'
import type { NoticeChannel, RetrainTrigger } from '../../engine/world.ts'
import type { MemoryGit } from '../memory-git.ts'

export const AUTHOR = { name: 'Tutela', email: 'tutela@localhost' }

export class Crash extends Error {}

/** What the outside saw, over all processes. */
export interface Seen {
  /** Requests, one a start of the training. */
  readonly starts: string[]
  /** Every message that a channel without memory was given. */
  readonly posts: string[]
  /** The files of a channel that knows a repetition. */
  readonly files: Set<string>
}

export function nothingSeen(): Seen {
  return { starts: [], posts: [], files: new Set() }
}

export interface CrashPoint {
  /** Counts every write and every call of the outside from 0. */
  readonly at: number
  readonly when: 'before' | 'after'
}

/** `calls` says how many there were; without a crash point none crashes. */
export function portsOf(
  git: MemoryGit,
  seen: Seen,
  crash: CrashPoint | null = null,
): DeliveryPorts & { readonly calls: () => number } {
  let calls = 0
  const before = () => {
    if (crash?.when === 'before' && calls === crash.at) throw new Crash()
    calls++
  }
  const after = () => {
    if (crash?.when === 'after' && calls - 1 === crash.at) throw new Crash()
  }
  const outside = <T>(act: () => T): T => {
    before()
    const result = act()
    after()
    return result
  }
  const store = git.withCrash({ before, after })
  const trigger: RetrainTrigger = {
    send: async ({ request }) =>
      outside(() => {
        seen.starts.push(request)
        return { state: 'sent', ref: `run of ${request}`, output: '' }
      }),
  }
  const chat: NoticeChannel = {
    send: async ({ evidence }) => outside(() => ({ ref: String(seen.posts.push(evidence)) })),
  }
  const file: NoticeChannel = {
    repeats: 'harmless',
    send: async ({ key, evidence }) => outside(() => ({ ref: [...seen.files.add(`${key} ${evidence}`)].at(-1) ?? '' })),
  }
  return {
    git: store,
    forge: localForge(store, AUTHOR),
    trigger: (name) => (name === 'local' ? trigger : null),
    channel: (name) => (name === 'chat' ? chat : name === 'file' ? file : null),
    author: AUTHOR,
    calls: () => calls,
  }
}
