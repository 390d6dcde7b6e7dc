// load → evaluate, a model at a time: every deployment of a tree judged, with all diagnostics on the way.
// Nothing of a model is held but its verdicts and what they are made of. Reads one tree; writes nothing.
import type { Digest } from './base/canonical-json.ts'
import { compareText } from './base/order.ts'
import { type Holds, holdsFor } from './cache/held-bytes.ts'
import type { NoticeRules } from './cache/held-notice.ts'
import { headOf } from './cache/kept-card.ts'
import type { ModelMemory, RememberedModel } from './cache/model-memory.ts'
import { type CardParts, heldAsBytes, type ModelParts } from './cache/model-parts.ts'
import { type Diagnostic, hasErrors, sortDiagnostics } from './domain/diagnostic.ts'
import type { Finding } from './domain/finding.ts'
import type { Language, Rulebook } from './domain/governance.ts'
import type { Instant } from './domain/instant.ts'
import type { LoadedCard } from './domain/model-card.ts'
import type { NoticeDraft, NoticeState } from './domain/notice.ts'
import type { SnapshotHistory } from './domain/snapshot.ts'
import type { CompiledRulebook } from './evaluate/compile.ts'
import { modelDigest } from './evaluate/digest.ts'
import { judgeModel } from './evaluate/judge.ts'
import { foldLargeSamples, largeSamples } from './evaluate/large-samples.ts'
import { unusedWaiverWarnings } from './evaluate/waivers.ts'
import { BareObject } from './load/bare-object.ts'
import { listModels, loadCard, type ModelFiles } from './load/load-models.ts'
import type { LoadRulebookOptions } from './load/load-rulebook.ts'
import { selectorMatches } from './load/selector-matches.ts'
import { type HistoryRequest, historyOf, indexSnapshots, type SnapshotIndex } from './load/snapshots.ts'
import { draftNotices, noticeAction } from './notify/plan-notices.ts'
import { openRulebook } from './open-rulebook.ts'
import type { ScratchFile, SourceTree } from './world.ts'

export interface JudgeRequest {
  readonly tree: SourceTree
  readonly now: Instant
  /** null: the first language of governance.yaml. */
  readonly language: Language | null
  readonly keep: 'all' | 'not-pass'
  /** Stands for policies/governance.yaml. */
  readonly governance?: LoadRulebookOptions['governance']
  /** Windows that end after `now`: an error (default), or left out, as when an earlier day is asked for. */
  readonly windowsAfterNow?: 'refuse' | 'leave-out'
  /** Where unchanged models are remembered, opened over the same tree and time; null: nowhere. It never changes a result. */
  readonly memory?: ModelMemory | null
  /** Where what is found of a large repository is laid aside; absent: nowhere. */
  readonly scratch?: () => ScratchFile | null
  /** What channels were told before: then there are notices, and findings are held as bytes once they are drafted. */
  readonly told?: readonly NoticeState[]
  /** Told how much there is to compute, before it is. */
  readonly expect?: (work: 'little' | 'much') => void
}

/** Measured: of fewer models to judge, what compilers make of the code costs more than it gains. */
const FEW = 300

/** One model, judged. */
export interface JudgedModel extends Omit<ModelParts, 'notices' | 'card'> {
  readonly id: string
  readonly loaded: LoadedCard | null
}

interface DraftedModel extends ModelParts {
  readonly id: string
}

export interface JudgedRepository {
  readonly rulebook: Rulebook
  readonly compiled: CompiledRulebook
  /** By id; empty where an error under policies/ stopped the evaluation. */
  readonly models: readonly JudgedModel[]
  /** What there is to tell of all models; empty where nobody asked. Apart from the models, to be let go of when it is told. */
  readonly drafts: readonly NoticeDraft[]
  readonly language: Language
  /** The snapshots of one model, for those who show its history; null for an unknown one. */
  readonly histories: (model: string) => SnapshotHistory | null
  /** Every finding of one model, passes included, whatever was kept. */
  readonly allFindings: (model: string) => readonly Finding[]
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Judges every model of a tree. An error under `policies/` stops the evaluation: then there are only diagnostics. */
export function judgeRepository(request: JudgeRequest): JudgedRepository {
  const files = listModels(request.tree)
  if (files.length > FEW && (request.memory?.isEmpty ?? true)) request.expect?.('much')
  const opened = openRulebook(request)
  const { rulebook } = opened
  if (hasErrors(opened.diagnostics)) {
    const diagnostics = sortDiagnostics(opened.diagnostics)
    return { ...opened, models: [], drafts: [], histories: () => null, allFindings: () => [], diagnostics }
  }
  const snapshots = indexSnapshots(request.tree, {
    models: files.map(({ id }) => id),
    windowsAfterNow: request.windowsAfterNow ?? 'refuse',
  })
  const matches = selectorMatches(rulebook)
  const used = new Set<string>()
  const notices = noticeRules(rulebook, request.told)
  // What is remembered is held as it is, since it is written as it is.
  const holds = holdsFor(files.length, request.memory ? undefined : request.scratch)
  const recalled = files.map((model) => recallModel(model, snapshots, request.memory ?? null, notices))
  if (recalled.filter((model) => model === null).length > FEW) request.expect?.('much')
  const drafted = files.map(
    (model, i) => recalled[i] ?? judgeAndRemember(model, snapshots, opened, { ...request, notices, holds }),
  )
  const { accused, diagnostics: ofIndex } = snapshots.finish(opened.compiled.metrics)
  for (const [i, { id, judgements }] of drafted.entries()) {
    const model = files[i]
    // A line in another model's file may name this one: that is known when all were read.
    if (model !== undefined && accused.has(id) && judgements.some(({ verdict }) => verdict.cause !== 'invalid')) {
      drafted[i] = draftedModel(judgeOne(model, snapshots, opened, { ...request, isAccused: true }), notices, holds)
    }
  }
  const models = drafted.map(
    ({ notices: _, card, ...model }): JudgedModel => ({
      ...model,
      loaded: card.loaded,
      diagnostics: [...card.diagnostics, ...model.diagnostics],
    }),
  )
  for (const { loaded, waivers } of models) {
    if (loaded !== null) matches.seeHead({ ...headOf(loaded), card: () => loaded.card })
    for (const id of waivers) used.add(id)
  }
  const diagnostics = [
    ...opened.diagnostics,
    ...models.flatMap((model) => model.diagnostics),
    ...snapshots.diagnostics,
    ...ofIndex,
    ...matches.unmatched(),
    ...unusedWaiverWarnings(opened.compiled.waivers, used, request.now),
  ]
  const histories = (id: string): SnapshotHistory | null => {
    const known = models.find((model) => model.id === id)
    if (known === undefined) return null
    return historyOf(snapshots, historyRequest(id, known.loaded, opened.compiled, request.now)).history
  }
  const allFindings = (id: string): readonly Finding[] => {
    const model = files.find((one) => one.id === id)
    if (model === undefined) return []
    const again = judgeOne(model, snapshots, opened, { ...request, keep: 'all', isAccused: accused.has(id) })
    return again.judgements.flatMap(({ findings }) => findings)
  }
  const drafts = drafted.flatMap((model) => model.notices)
  return {
    ...opened,
    models,
    drafts,
    histories,
    allFindings,
    diagnostics: sortDiagnostics(foldLargeSamples(diagnostics)),
  }
}

function historyRequest(
  id: string,
  loaded: LoadedCard | null,
  { metrics }: CompiledRulebook,
  now: Instant,
): HistoryRequest {
  return {
    id,
    formerly: loaded?.card.formerly ?? [],
    versions: loaded === null ? null : (loaded.card.versions ?? []).map(({ version }) => version),
    now,
    catalogue: metrics,
  }
}

/** Null where it is to be judged. */
function recallModel(
  model: ModelFiles,
  snapshots: SnapshotIndex,
  memory: ModelMemory | null,
  notices: NoticeRules | null,
): DraftedModel | null {
  if (memory === null || notices === null) return null
  const recalled = memory.recall(remembered(model, snapshots), notices)
  if (recalled === null) return null
  for (const named of recalled.accuses) snapshots.accuse(named)
  return { id: model.id, ...recalled }
}

function judgeAndRemember(
  model: ModelFiles,
  snapshots: SnapshotIndex,
  opened: { readonly rulebook: Rulebook; readonly compiled: CompiledRulebook },
  request: JudgeRequest & { readonly notices: NoticeRules | null; readonly holds: Holds },
): DraftedModel {
  const { memory = null, notices, holds } = request
  if (memory === null || notices === null) {
    return draftedModel(judgeOne(model, snapshots, opened, request), notices, holds)
  }
  const known = remembered(model, snapshots)
  const card = memory.recallCard(known, BareObject)
  const again = card === null ? request : { ...request, card }
  const judged = draftedModel(judgeOne(model, snapshots, opened, again), notices, holds)
  memory.remember(known, judged, notices)
  return judged
}

function remembered({ id, files }: ModelFiles, snapshots: SnapshotIndex): RememberedModel {
  return { id, files, snapshotFiles: (formerly) => snapshots.filesOf(id, formerly) }
}

/** Null where nobody asked for notices. */
function noticeRules(rulebook: Rulebook, told: readonly NoticeState[] | undefined): NoticeRules | null {
  if (told === undefined) return null
  const known = new Map(told.map((state) => [[state.channel, state.model, state.environment].join('\0'), state.pairs]))
  return {
    isNews: ({ state }) => known.get([state.channel, state.model, state.environment].join('\0')) !== state.pairs,
    draft: ({ judgements }) => {
      const verdicts = judgements.map(({ verdict }) => verdict)
      const findings = judgements.flatMap((judgement) => judgement.findings)
      return draftNotices({ verdicts, findings }, rulebook)
    },
    action: noticeAction,
  }
}

function draftedModel(judged: DraftedModel, notices: NoticeRules | null, holds: Holds): DraftedModel {
  if (notices === null) return judged
  return { id: judged.id, ...heldAsBytes({ ...judged, notices: notices.draft(judged) }, notices, holds) }
}

interface OneRequest extends Pick<JudgeRequest, 'tree' | 'now' | 'keep'> {
  readonly isAccused?: boolean
  /** What is known of its folder without reading it. */
  readonly card?: CardParts
}

function judgeOne(
  model: ModelFiles,
  snapshots: SnapshotIndex,
  { rulebook, compiled }: { readonly rulebook: Rulebook; readonly compiled: CompiledRulebook },
  { tree, now, keep, isAccused = false, card = loadCard(tree, model, rulebook) }: OneRequest,
): DraftedModel {
  const { id } = model
  const { loaded, deployed } = card
  const { history, problems, holdsUntil } = historyOf(snapshots, historyRequest(id, loaded, compiled, now))
  const invalid = isAccused || hasErrors(card.diagnostics)
  const input = { modelId: id, loaded, deployed, history, invalid, now, keep }
  const first = judgeModel(compiled, input)
  const isRead = loaded !== null && !invalid
  const largeWindows = isRead ? largeSamples(compiled.tests, loaded.card, history) : []
  // Lines are read when a rule asks for them, so what is wrong with one is known after the judging.
  const { diagnostics, isInvalid, accuses } = problems()
  const judgements = isInvalid && !invalid ? judgeModel(compiled, { ...input, invalid: true }) : first
  const waivers = judgements.flatMap(({ findings }) => findings.flatMap(({ waiver }) => waiver?.id ?? []))
  return {
    id,
    card,
    judgements: judgements.map((judgement) => ({
      ...judgement,
      holdsUntil: Math.min(judgement.holdsUntil, holdsUntil),
    })),
    digests: modelDigest(judgements),
    diagnostics: [...diagnostics, ...largeWindows],
    waivers: [...new Set(waivers)],
    accuses,
    notices: [],
  }
}

/** Digests of the cards that could be read, by model. */
export function cardDigests(models: readonly JudgedModel[]): Map<string, Digest> {
  const cards = models.flatMap(({ id, loaded }): [string, Digest][] => (loaded === null ? [] : [[id, loaded.digest]]))
  return new Map(cards.sort(([a], [b]) => compareText(a, b)))
}
