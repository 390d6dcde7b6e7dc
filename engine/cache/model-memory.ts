// What is remembered of models from the last time they were judged, and whether it still holds: the same files, engine
// and wording, at a time within its bounds. Forgetting is always right; remembering wrongly is what this must never do.
import type { Instant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { CacheFolder, SourceTree, TreeFile } from '../world.ts'
import { FileIds, keyOf } from './file-ids.ts'
import type { NoticeRules } from './held-notice.ts'
import { headOf } from './kept-card.ts'
import { type KeptModel, KeptModels } from './kept-models.ts'
import { findPlan, type KeptPlan, storePlan } from './kept-plan.ts'
import { keepValue, recallValue } from './kept-value.ts'
import { type CardParts, type ModelParts, parseCard, parseModel, serialiseModel } from './model-parts.ts'
import { type BareClass, bareCopy, isExactInJson } from './plain-value.ts'

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
  /** Whether nothing is remembered yet. */
  readonly isEmpty: boolean
  recall(model: RememberedModel, rules: NoticeRules): ModelParts | null
  /** The card alone, of a model whose own folder is as it was, its objects as the loader makes them. */
  recallCard(model: RememberedModel, bare: BareClass): CardParts | null
  remember(model: RememberedModel, parts: ModelParts, rules: NoticeRules): void
  /** Texts made of a model's files and the policies, by a key of what else they depend on; null where there is none. */
  readonly texts: {
    recall(model: string, key: string): unknown
    remember(model: string, key: string, value: unknown): void
  }
  /** Plain data made of the policies and what `others` names. */
  readonly ofPolicies: {
    recall(others: readonly unknown[], bare: BareClass): unknown
    remember(others: readonly unknown[], bare: BareClass, value: unknown): void
  }
  /** Of everything that a whole plan depends on but the time; `others`: what is no file under policies/ or models/. */
  planKey(others: readonly unknown[]): string | null
  /** The text that was printed for this key, as it is printed of this run, where it holds now. */
  recallPlan(key: string, run: string): { readonly exit: number; readonly pieces: readonly Uint8Array[] } | null
  /** Writes what is remembered; with the plan of all models, if its text is to be recalled. */
  save(plan?: KeptPlan): void
}

/** Null where results depend on something that has no id: a link among the policies. */
export function openModelMemory({ tree, now, folder, variant }: MemoryRequest): ModelMemory | null {
  const fileIds = new FileIds(tree)
  const policies = fileIds.of(tree.list(['policies']))
  if (policies === null) return null
  const common = keyOf([folder.engine, variant, policies])
  const name = variant.join('-')
  const kept = new KeptModels(folder, name)
  const cardKeys = new Map<string, string | null>()
  const cardKeyOf = ({ id, files }: RememberedModel): string | null => {
    let key = cardKeys.get(id)
    if (key === undefined) {
      const ids = fileIds.of(files)
      key = ids === null ? null : keyOf([common, id, ids])
      cardKeys.set(id, key)
    }
    return key
  }
  const keyFor = (model: RememberedModel, formerly: readonly string[]): string | null => {
    const card = cardKeyOf(model)
    const ids = fileIds.of(model.snapshotFiles(formerly))
    return card === null || ids === null ? null : keyOf([card, formerly, ids])
  }
  const placeOf = (others: readonly unknown[], bare: BareClass) => {
    return { folder, name: `policies-${name}`, key: keyOf([common, others]), bare }
  }
  return {
    get isEmpty() {
      return kept.isEmpty
    },
    recall(model, rules) {
      const found = kept.find(model.id)
      if (found === null || now < found.from || now > found.until) return null
      if (keyFor(model, found.formerly) !== found.key) return null
      const parts = partsOf(kept, found, rules)
      if (parts !== null) kept.keep(model.id, found, false)
      return parts
    },
    recallCard(model, bare) {
      const found = kept.find(model.id)
      if (found === null || found.cardKey !== cardKeyOf(model)) return null
      const [card] = kept.bytesOf([found.card]) ?? []
      return card === undefined ? null : asLoaded(parseCard(card), bare)
    },
    remember(model, parts, rules) {
      const { loaded } = parts.card
      const formerly = loaded === null ? [] : headOf(loaded).formerly
      const [cardKey, key] = [cardKeyOf(model), keyFor(model, formerly)]
      if (cardKey === null || key === null) return
      const until = parts.judgements.reduce((first, one) => Math.min(first, one.holdsUntil), Number.POSITIVE_INFINITY)
      const bytes = serialiseModel(parts, rules)
      kept.keep(
        model.id,
        { key, cardKey: isExactInJson(parts.card) ? cardKey : '', from: now, until, formerly, texts: null, ...bytes },
        true,
      )
    },
    texts: {
      recall: (model, key) => kept.textOf(model, key),
      remember: (model, key, value) => kept.keepText(model, key, value),
    },
    ofPolicies: {
      recall: (others, bare) => recallValue(placeOf(others, bare)),
      remember: (others, bare, value) => keepValue(placeOf(others, bare), value),
    },
    planKey(others) {
      const models = fileIds.of(tree.list(['models']))
      return models === null ? null : keyOf([common, models, others])
    },
    recallPlan(key, run) {
      const found = findPlan(folder, name, { key, now, run })
      if (found !== null) fileIds.teach()
      return found
    },
    save(plan) {
      kept.save((found) => {
        if (plan !== undefined) storePlan(folder, name, plan, found)
      })
      fileIds.teach()
    },
  }
}

/** What reads cards reaches no prototype. */
function asLoaded(parts: CardParts, bare: BareClass): CardParts {
  const { loaded } = parts
  return loaded === null ? parts : { ...parts, loaded: { ...loaded, card: bareCopy(loaded.card, bare) as ModelCard } }
}

/** Null where a piece of it is lost. */
function partsOf(kept: KeptModels, found: KeptModel, rules: NoticeRules): ModelParts | null {
  const [card, core, ...notices] = kept.bytesOf([found.card, found.core, ...found.notices]) ?? []
  const findings = kept.findingsOf(found)
  if (card === undefined || core === undefined || findings === null) return null
  return parseModel({ card, core, notices, findings }, rules)
}
