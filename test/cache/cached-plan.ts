// `plan` asked in this process over a folder, with a cache of the test's choosing: its bytes, and what they cost.
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { command } from '../../engine/commands/plan.ts'
import { parseInstant } from '../../engine/domain/instant.ts'
import type { CacheFolder, GitStore, World } from '../../engine/world.ts'
import { globalsAt } from '../ask-command.ts'

export interface AskedPlan {
  readonly now: string
  /** Null: none. */
  readonly cache: CacheFolder | null
  readonly lang?: 'pt' | 'en'
  readonly findings?: string
  readonly format?: 'text' | 'json'
}

export interface AnsweredPlan {
  readonly exit: number
  readonly text: string
  /** Files of the working tree whose content was asked for. */
  readonly reads: readonly string[]
}

export async function planOf(
  folder: string,
  { now, cache, lang, findings, format = 'json' }: AskedPlan,
): Promise<AnsweredPlan> {
  const at = parseInstant(now) ?? 0
  const reads: string[] = []
  const real = assembleWorld(at)
  const { caches: _, ...rest } = real
  const repositories = {
    ...real.repositories,
    open: (start: string) => {
      const store = real.repositories.open(start)
      return store === null ? null : counting(store, reads)
    },
  }
  const world: World = { ...rest, repositories, ...(cache && { caches: { open: () => cache } }) }
  const result = await command.run({
    world,
    globals: globalsAt(folder, { now: at, format, lang: lang ?? null }),
    args: [],
    options: findings === undefined ? {} : { findings },
    note: () => undefined,
  })
  return { exit: result.exit, text: format === 'text' ? result.text() : jsonText(result.json), reads }
}

function jsonText(json: unknown): string {
  if (typeof json !== 'object' || json === null || !('pieces' in json)) return JSON.stringify(json)
  return Buffer.concat([...(json.pieces as Iterable<Uint8Array>)]).toString('utf8')
}

function counting(store: GitStore, reads: string[]): GitStore {
  return {
    ...store,
    workingTree: () => {
      const tree = store.workingTree()
      return Object.create(tree, {
        read: {
          value: (path: string) => {
            reads.push(path)
            return tree.read(path)
          },
        },
      })
    },
  }
}

/** A cache in memory, that can be spoilt. */
export class MemoryCache implements CacheFolder {
  engine = 'engine 1'
  readonly files = new Map<string, Uint8Array>()
  writes = 0
  isReadOnly = false

  read(name: string): Uint8Array | null {
    const bytes = this.files.get(name)
    return bytes === undefined ? null : Uint8Array.from(bytes)
  }

  list(): readonly string[] {
    return [...this.files.keys()]
  }

  remove(name: string): void {
    if (!this.isReadOnly) this.files.delete(name)
  }

  write(name: string, pieces: readonly Uint8Array[]): boolean {
    if (this.isReadOnly) return false
    this.writes++
    this.files.set(name, Buffer.concat(pieces))
    return true
  }
}
