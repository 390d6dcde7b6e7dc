// One model measured: its card, its files, an engine of its own, and the snapshot written.
import { digestOf } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import type { Measurement, Snapshot } from '../domain/snapshot.ts'
import { type OpenedAttributions, openAttributions } from '../observe/attributions.ts'
import type { LabelCounts } from '../observe/labels-join.ts'
import { inOrder, type MeasuredWindow, measureWindow } from '../observe/measure.ts'
import { type CardData, monitoredFeatures } from '../observe/measured-columns.ts'
import { type OpenedFiles, type OpenedWindow, openFiles, openWindow } from '../observe/open-window.ts'
import { readKept, writeKept } from '../observe/reference-cache.ts'
import { answeredQuery, rangeParameters, rangeQueries } from '../observe/sla-queries.ts'
import { VERSION } from '../version.ts'
import type { CacheFolder, FileEngine, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { ambiguityNotes, namedDefinitions } from './observe-definitions.ts'
import { emptyWindow } from './observe-empty.ts'
import { engineName, openChosenEngine } from './observe-engine.ts'
import { correctedBy, isMeasured } from './observe-known.ts'
import { type DeployedPlace, placeOf } from './observe-place.ts'
import { progressBar } from './observe-progress.ts'
import { filesFor, type ObserveRequest, textOption } from './observe-request.ts'
import { repositoryFolder } from './open-repository.ts'
import { type WrittenSnapshot, writeSnapshot } from './write-snapshot.ts'

export interface ModelToObserve {
  readonly card: ModelCard
  readonly governance: Governance
  readonly request: ObserveRequest
  /** The repository's: their rules say which definitions are wanted. */
  readonly policies: readonly Policy[]
  /** Where earlier snapshots stand. */
  readonly tree: SourceTree
  /** How many models are measured at the same time. */
  readonly beside: number
  /** Whether a snapshot of these very data exists already; absent: nobody asks. */
  readonly isKnown?: (place: DeployedPlace, digest: string) => boolean
}

export type Observed =
  | { readonly kind: 'unchanged'; readonly digest: string }
  | {
      readonly kind: 'measured'
      readonly snapshot: Snapshot
      readonly written: WrittenSnapshot
      readonly chosenBy: 'option' | 'column'
      readonly labels: LabelCounts | null
      readonly alarms: MeasuredWindow['alarms']
      readonly notes: readonly string[]
    }

/** Faults `observe/…`, `config/…`, `git/…`; what loading would refuse is in `written`. */
export async function observeModel(invocation: Invocation, model: ModelToObserve): Promise<Observed> {
  const { card, governance, request, beside, isKnown } = model
  const { data } = card
  if (data === undefined) {
    throw new Fault('observe/no-data', `the card of \`${card.id}\` has no \`data\``, 'say there which columns it has')
  }
  const place = placeOf(invocation, card, request)
  const engine = await openChosenEngine(invocation.world, { asked: request.engine, settings: governance.sql, beside })
  const progress = progressBar(invocation, request.target.kind === 'all' ? card.id : null)
  try {
    progress.show('reading', 0, 1)
    const files = dataFiles(invocation, model)
    const opened = await openFiles(engine, { data, sla: card.sla, files })
    const attributions = await openAttributions(engine, { data, files })
    const digest = sourceDigest({ ...opened.digests, ...attributions?.digests })
    if (digest !== null && isKnown?.(place, digest) === true) return { kind: 'unchanged', digest }
    const { now } = invocation.globals
    const window = await openWindow(engine, opened, { data, asked: request.window, now })
    const measured = await measure(invocation, engine, {
      ...model,
      data,
      opened,
      attributions,
      window,
      show: progress.show,
    })
    const service = await askService(invocation, card, request, window)
    engine.requireUnchanged()
    const made = digest ?? digestOfFigures(request, measured)
    if (digest === null && isKnown?.(place, made) === true) return { kind: 'unchanged', digest: made }
    const first = snapshotOf({ card, place, request, digest: made, window, measured, service: service.measurements })
    const isOut = textOption(invocation, 'out') !== null
    if (!isOut && isMeasured(model.tree, first)) return { kind: 'unchanged', digest: made }
    const supersedes = isOut ? null : correctedBy(model.tree, first, now)
    const snapshot = supersedes === null ? first : { ...first, supersedes }
    const versions = card.versions?.map(({ version }) => version) ?? null
    const line = writeSnapshot(invocation, { snapshot, governance, versions })
    if (line.kind === 'present') return { kind: 'unchanged', digest: made }
    const written = { ...line, diagnostics: [...line.diagnostics, ...emptyWindow(snapshot, window.window, line)] }
    const corrects =
      supersedes === null
        ? []
        : [`other data of this window were measured before: this snapshot corrects ${supersedes}`]
    const notes = [
      ...window.notes,
      ...corrects,
      ...driftNotes(files.reference, data, measured),
      ...smallNotes(measured, governance),
      ...measured.notes,
      ...lateNotes(snapshot, model.policies, now),
      ...service.notes,
      ...ambiguityNotes(snapshot.measurements, model.policies),
    ]
    const { chosenBy } = window.window
    return { kind: 'measured', snapshot, written, chosenBy, labels: window.labels, alarms: measured.alarms, notes }
  } finally {
    progress.clear()
    engine.close()
  }
}

function dataFiles({ globals }: Invocation, { card, request, governance }: ModelToObserve) {
  const isCluster = engineName({ asked: request.engine, settings: governance.sql }) === 'trino'
  const of = (files: readonly string[]) => filesFor(files, card.id, { cwd: globals.cwd, isCluster })
  return {
    current: of(request.current),
    reference: of(request.reference),
    labels: of(request.labels),
    attributions: of(request.attributions),
    referenceAttributions: of(request.referenceAttributions),
    folder: globals.cwd,
  }
}

/** Of one file alone its SHA-256; of several parts, the digest of theirs. Null where the engine cannot tell. */
function sourceDigest(digests: Readonly<Record<string, string>>): string | null {
  const parts = Object.values(digests)
  const [only] = parts
  if (only === undefined) return null
  return parts.length === 1 ? only : digestOf(digests)
}

/** Of tables whose rows are not seen: their names and what was measured, less what the clock alone changes. */
function digestOfFigures(request: ObserveRequest, { rows, measurements }: MeasuredWindow): string {
  const { current, reference, labels, attributions, referenceAttributions } = request
  const figures = measurements.filter(({ metric }) => metric !== 'data.freshness_hours')
  return digestOf({ current, reference, labels, attributions, referenceAttributions, rows, figures })
}

interface ToMeasure extends ModelToObserve {
  readonly data: CardData
  readonly opened: OpenedFiles
  readonly attributions: OpenedAttributions | null
  readonly window: OpenedWindow
  readonly show: (part: string, done: number, total: number) => void
}

/** The reference's summary comes from the cache where it was kept under these very data. */
async function measure(invocation: Invocation, engine: FileEngine, to: ToMeasure): Promise<MeasuredWindow> {
  const { card, data, opened, attributions, window, governance, request, policies } = to
  const { reference, digests } = opened
  const cache = cacheOf(invocation)
  const under =
    cache === null || reference === null || digests.reference === undefined
      ? null
      : { cache, key: { digest: digests.reference, of: { data, columns: reference.columns } } }
  const kept = under === null ? null : readKept(under.cache, under.key)
  const measured = await measureWindow(engine, {
    card,
    data,
    current: window.current,
    reference,
    from: window.window.from,
    to: window.window.to,
    now: invocation.globals.now,
    minimumGroupSize: governance.minimumGroupSize,
    exact: request.exact,
    definitions: request.variants ? 'all' : namedDefinitions(policies),
    attributions,
    kept: kept as MeasuredWindow['kept'],
    onProgress: to.show,
  })
  if (under !== null && kept === null && measured.kept !== null) writeKept(under.cache, under.key, measured.kept)
  return measured
}

function cacheOf(invocation: Invocation): CacheFolder | null {
  const store = invocation.world.repositories.open(repositoryFolder(invocation))
  return store === null ? null : (invocation.world.caches?.open(store.gitDir) ?? null)
}

async function askService(
  { world }: Invocation,
  { sla, id }: ModelCard,
  { prometheus }: ObserveRequest,
  { window }: OpenedWindow,
): Promise<{ readonly measurements: readonly Measurement[]; readonly notes: readonly string[] }> {
  if (prometheus === null) return { measurements: [], notes: [] }
  const queries = sla?.queries ?? {}
  if (Object.keys(queries).length === 0) {
    const hint = 'such as `sla: { queries: { sla.error_rate: "sum(rate(…)) / sum(rate(…))" } }`'
    throw new Fault('observe/no-queries', `the card of \`${id}\` has no \`sla.queries\` to ask Prometheus`, hint)
  }
  const server = world.openMetrics?.(prometheus)
  if (server === undefined) throw new Error('internal error: this world asks no server')
  const answers = []
  for (const query of rangeQueries(queries, window))
    answers.push(answeredQuery(query, await server.queryRange(rangeParameters(query))))
  return { measurements: answers.flatMap((one) => one.measurements), notes: answers.flatMap(({ notes }) => notes) }
}

/** Suppression is for groups; a window is measured however small it is. */
function smallNotes({ rows: { current } }: MeasuredWindow, { minimumGroupSize }: Governance): string[] {
  if (current === 0 || current >= minimumGroupSize) return []
  return [`only ${current === 1 ? 'one row' : `${current} rows`}: figures of so few tell of the rows themselves`]
}

/** A month after the window nobody asks any more how old its rows are; a month is arbitrary. */
const LATE_DAYS = 31

/** Where a rule reads it. */
function lateNotes({ window }: Snapshot, policies: readonly Policy[], now: Instant): string[] {
  const days = Math.floor((now - Date.parse(window.end)) / 86_400_000)
  const isRead = policies.some(({ rules }) => rules.some((rule) => rule.form === 'metric' && rule.metric === FRESHNESS))
  if (!isRead || days <= LATE_DAYS) return []
  return [`\`${FRESHNESS}\` counts to now, ${days} days after the window: give \`--now\`, when it was to be measured`]
}

const FRESHNESS = 'data.freshness_hours'

function driftNotes(reference: readonly string[], data: CardData, { rows }: MeasuredWindow): string[] {
  if (rows.reference === 0) return ['the reference has no rows: no drift has a value']
  const isMissing = reference.length === 0 && monitoredFeatures(data).length > 0
  return isMissing ? ['without `--reference` no drift is measured'] : []
}

function snapshotOf(of: {
  readonly card: ModelCard
  readonly place: DeployedPlace
  readonly request: ObserveRequest
  readonly digest: string
  readonly window: OpenedWindow
  readonly measured: MeasuredWindow
  readonly service: readonly Measurement[]
}): Snapshot {
  const { card, place, request, digest, window, measured, service } = of
  return {
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model: card.id,
    version: place.version,
    environment: place.environment,
    purpose: request.purpose,
    window: window.window.window,
    rows: measured.rows,
    source: { tool: 'tutela', version: VERSION, digest },
    measurements: inOrder([...measured.measurements, ...service]),
  }
}
