// What is remembered of models from the last time they were judged, and whether it still holds: the same files, engine
// and wording, at a time within its bounds. Forgetting is always right; remembering wrongly is what this must never do.
import type { Instant } from '../domain/instant.ts'
import type { CacheFolder, SourceTree, TreeFile } from '../world.ts'
import { FileIds, keyOf } from './file-ids.ts'
import { KeptModels, type KeptPlan } from './kept-models.ts'
import { type ModelParts, type NoticeRules, parseModel, serialiseModel } from './model-parts.ts'

type FileId = Pick<TreeFile, 'path' | 'id' | 'mode'>

export interface MemoryRequest {
  readonly tree: SourceTree
  readonly now: Instant
  readonly folder: CacheFolder
  /** Everything else that results depend on: language, which findings are made, how later windows are treated. */
  readonly variant: readonly string[]
}

/** One model as far as the memory must know it. */
export interface RememberedModel {
  readonly id: string
  /** All files of its folder. */
  readonly files: readonly FileId[]
  /** The files that its snapshots are in, given its former ids. */
  snapshotFiles(formerly: readonly string[]): readonly FileId[]
}

export interface ModelMemory {
  recall(model: RememberedModel, rules: NoticeRules): ModelParts | null
  remember(model: RememberedModel, parts: ModelParts, rules: NoticeRules): void
  /** Texts made of a model's files and the policies, by a key of what else they depend on; null where there is none. */
  readonly texts: {
    recall(model: string, key: string): unknown
    remember(model: string, key: string, value: unknown): void
  }
  /** Of everything that a whole plan depends on but the time; `others`: what is no file under policies/ or models/. */
  planKey(others: readonly unknown[]): string | null
  /** The text that was printed for this key, where it holds now. */
  recallPlan(key: string): { readonly exit: number; readonly text: Uint8Array } | null
  /** Writes what is remembered; with the plan of all models, if its text is to be recalled. */
  save(plan?: KeptPlan): void
}

/** Null where results depend on something that has no id: a link among the policies. */
export function openModelMemory({ tree, now, folder, variant }: MemoryRequest): ModelMemory | null {
  const fileIds = new FileIds(tree)
  const policies = fileIds.of(tree.list(['policies']))
  if (policies === null) return null
  const common = keyOf([folder.engine, variant, policies])
  const kept = new KeptModels(folder, variant.join('-'))
  const keyFor = ({ id, files, snapshotFiles }: RememberedModel, formerly: readonly string[]): string | null => {
    const ids = fileIds.of([...files, ...snapshotFiles(formerly)])
    return ids === null ? null : keyOf([common, id, formerly, ids])
  }
  return {
    recall(model, rules) {
      const found = kept.find(model.id)
      if (found === null || now < found.from || now > found.until) return null
      if (keyFor(model, found.formerly) !== found.key) return null
      kept.keep(model.id, found, false)
      return parseModel(found, rules)
    },
    remember(model, parts, rules) {
      const formerly = parts.loaded?.card.formerly ?? []
      const key = keyFor(model, formerly)
      if (key === null) return
      const until = Math.min(...parts.judgements.map(({ holdsUntil }) => holdsUntil))
      kept.keep(model.id, { key, from: now, until, formerly, texts: null, ...serialiseModel(parts, rules) }, true)
    },
    texts: {
      recall: (model, key) => kept.textOf(model, key),
      remember: (model, key, value) => kept.keepText(model, key, value),
    },
    planKey(others) {
      const models = fileIds.of(tree.list(['models']))
      return models === null ? null : keyOf([common, models, others])
    },
    recallPlan: (key) => kept.findPlan(key, now),
    save: (plan) => {
      kept.save(plan ?? null)
      fileIds.teach()
    },
  }
}
