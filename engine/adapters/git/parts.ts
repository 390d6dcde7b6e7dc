// What the verbs of this folder share about one opened repository.
import type { ObjectId } from '../../world.ts'
import type { Repository } from './find-repository.ts'
import type { History } from './history.ts'
import type { ObjectStore } from './object-store.ts'
import type { RefStore } from './ref-store.ts'

/** One repository's parts, opened once and shared. */
export interface Parts {
  readonly repository: Repository
  readonly objects: ObjectStore
  readonly refs: RefStore
  readonly history: History
  /** Where packs of our own are marked (pack-writer.ts). */
  readonly packMarks: string
}

/** The tree of a commit; null for none. */
export function treeOf(history: History, commit: ObjectId | null): ObjectId | null {
  return commit === null ? null : history.commit(commit).tree
}
