// The entries that a run writes, in their order: `run`, the events since the last run, and one `evaluation` for each
// deployment whose verdict differs from the one last recorded (LEDGER.md, Kinds). Pure: what happened since is given.
import { type Digest, digestOf } from '../base/canonical-json.ts'
import { compareBy, compareText } from '../base/order.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import type { Finding, Judgement, Outcome, Verdict } from '../domain/finding.ts'
import type { Governance, Rulebook } from '../domain/governance.ts'
import { subjectText } from '../domain/snapshot.ts'
import { type EntryKind, encodeEntry, entryText, type NewEntry } from './entry.ts'
import type { EntryBodies, EvaluationBody, OrDigest, RecordedFinding, RunBody } from './entry-bodies.ts'
import { changesSince } from './recorded-changes.ts'

/** Something that happened since the last run. `key` orders what happened at one moment. */
export type LedgerEvent = { [K in EntryKind]: EventOf<K> }[EntryKind]

interface EventOf<K extends EntryKind> {
  readonly kind: K
  /** RFC 3339, UTC, whole seconds; null: this run's `now`. */
  readonly at: string | null
  readonly key: string
  /** `at` is added where it differs from the run's. */
  readonly body: EntryBodies[K]
}

/** What the log says of the time before this run. */
export interface LastRecorded {
  /** Body of the last `run` entry; null before the first run. */
  readonly run: RunBody | null
  /** `verdictDigest` of the verdict last recorded, by `deploymentKey`. */
  readonly verdicts: ReadonlyMap<string, Digest>
  /**
   * The cards of that run, for a repository of so many that its entry keeps their digest alone: read from the commit
   * that the entry names, where it is there. Taken only if the digest is theirs.
   */
  readonly cards?: ReadonlyMap<string, Digest>
}

/** Before the first run of a log. */
export const NOTHING_RECORDED: LastRecorded = { run: null, verdicts: new Map() }

/** What the entries of one run are made from. */
export interface RunInput {
  /** RFC 3339, UTC, whole seconds. */
  readonly now: string
  /** The institution's local day, `yyyy-mm-dd`: which waivers are in force. */
  readonly today: string
  readonly run: string
  readonly commit: string
  /** Version of the engine. */
  readonly engine: string
  /** The plan's digest. */
  readonly digest: Digest
  readonly judgements: readonly Judgement[]
  readonly trees: RunBody['trees']
  readonly rulebook: Pick<Rulebook, 'digest' | 'policies' | 'waivers'>
  /** Teams by governance.yaml: the roles of whoever approved a waiver. */
  readonly people?: Governance['people']
  /** Digests of the cards that could be read, by model id. */
  readonly cards: ReadonlyMap<string, Digest>
  readonly events: readonly LedgerEvent[]
  readonly last: LastRecorded
}

/** Above this many bytes an entry holds digests of its lists instead of them. */
const MOST_BYTES = 32 * 1024

/** The encoded entries of a run. Faults as `encodeEntry`. Equal input, equal bytes. */
export function runEntries(input: RunInput): Uint8Array[] {
  const { now, run, commit, rulebook, last } = input
  const body = runBody(input)
  const events = [...input.events, ...changesSince(withCards(last), body, rulebook.waivers, input.people)]
  const sorted = events.sort(
    compareBy(
      (e) => e.at ?? now,
      (e) => e.key,
      (e) => e.kind,
    ),
  )
  const changed = input.judgements.filter(
    ({ verdict }) => last.verdicts.get(deploymentKey(verdict)) !== verdictDigest(verdict),
  )
  const entries: NewEntry[] = [
    { kind: 'run', at: now, run, commit, body: shrunkRun(body, input) },
    ...sorted.map(({ kind, at, body }) => ({
      kind,
      at: now,
      run,
      commit,
      body: at === null || at === now ? body : { ...body, at },
    })),
    ...changed.sort(byDeployment).map((judgement) => evaluation(judgement, input)),
  ]
  return entries.map(encodeEntry)
}

function withCards({ run, cards }: LastRecorded): RunBody | null {
  if (run === null || cards === undefined || typeof run.cards !== 'string') return run
  const whole = Object.fromEntries(cards)
  return digestOf(whole) === run.cards ? { ...run, cards: whole } : run
}

const byDeployment = compareBy<Judgement>(
  ({ verdict }) => verdict.model,
  ({ verdict }) => verdict.environment,
  ({ verdict }) => verdict.version,
)

/** What tells a recorded verdict from a new one; the same of a verdict and of the shortened one in an entry. */
export function verdictDigest(verdict: Verdict | EvaluationBody['verdict']): Digest {
  const { findings, snapshots, ...rest } = verdict
  return digestOf({ ...rest, findings: digestOfList(findings), snapshots: digestOfList(snapshots) })
}

function digestOfList(list: OrDigest<readonly unknown[]>): Digest {
  return typeof list === 'string' ? list : digestOf(list)
}

/** The verdicts of a run as `LastRecorded` takes them. */
export function recordedVerdicts(verdicts: Iterable<Verdict>): Map<string, Digest> {
  return new Map([...verdicts].map((verdict) => [deploymentKey(verdict), verdictDigest(verdict)]))
}

function runBody({ engine, digest, judgements, trees, rulebook, cards, today }: RunInput): RunBody {
  return {
    engine,
    digest,
    counts: countsOf(judgements),
    trees,
    rulebook: rulebook.digest,
    policies: Object.fromEntries(rulebook.policies.map(({ id, digest: policy }) => [id, policy])),
    cards: Object.fromEntries(cards),
    waivers: waiversInForce(rulebook.waivers, today),
  }
}

/** Ids of the waivers that hold on a local day, `yyyy-mm-dd`, sorted. */
export function waiversInForce(waivers: Rulebook['waivers'], today: string): string[] {
  const inForce = waivers.filter(({ issued, expires }) => issued <= today && today <= expires)
  return inForce.map(({ id }) => id).sort(compareText)
}

function countsOf(judgements: readonly Judgement[]): RunBody['counts'] {
  const verdicts = noOutcomes()
  const findings = noOutcomes()
  let blocking = 0
  for (const { verdict } of judgements) {
    verdicts[verdict.outcome]++
    if (verdict.blocks) blocking++
    for (const outcome of OUTCOMES) findings[outcome] += verdict.counts[outcome]
  }
  return { verdicts, findings, blocking }
}

const OUTCOMES = ['pass', 'warn', 'fail', 'error', 'skip'] as const

function noOutcomes(): Record<Outcome, number> {
  return { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 }
}

function shrunkRun(body: RunBody, { now, run, commit }: RunInput): RunBody {
  const fits = (candidate: RunBody): boolean => isShort({ kind: 'run', at: now, run, commit, body: candidate })
  const steps: RunBody[] = [body]
  for (const list of ['cards', 'policies', 'waivers'] as const) {
    const before = steps.at(-1) ?? body
    steps.push({ ...before, [list]: digestOf(before[list]) })
  }
  return firstThatFits(steps, fits)
}

function evaluation(
  { verdict, findings }: Judgement,
  { now, run, commit, cards, rulebook }: RunInput,
): NewEntry<'evaluation'> {
  const entryOf = (body: EvaluationBody): NewEntry<'evaluation'> => ({ kind: 'evaluation', at: now, run, commit, body })
  const whole: EvaluationBody = {
    verdict,
    card: cards.get(verdict.model) ?? null,
    policies: rulebook.digest,
    findings: findings.filter(({ outcome }) => outcome !== 'pass').map(recordedFinding),
  }
  const short = { ...whole, findings: digestOf(whole.findings) }
  const shorter = { ...short, verdict: { ...verdict, findings: digestOf(verdict.findings) } }
  const shortest = { ...shorter, verdict: { ...shorter.verdict, snapshots: digestOf(verdict.snapshots) } }
  const fits = (body: EvaluationBody): boolean => isShort(entryOf(body))
  return entryOf(firstThatFits<EvaluationBody>([whole, short, shorter, shortest], fits))
}

function isShort(entry: NewEntry): boolean {
  return Buffer.byteLength(entryText(entry)) <= MOST_BYTES
}

/** The last candidate is taken unasked: it is the smallest there is. */
function firstThatFits<T>(candidates: readonly T[], fits: (candidate: T) => boolean): T {
  const last = candidates.at(-1)
  if (last === undefined) throw new Error('internal error: nothing to choose from')
  return candidates.slice(0, -1).find(fits) ?? last
}

/** The part of a finding that is recorded; also how the list behind a digest is made again from a run.json. */
export function recordedFinding(finding: Finding): RecordedFinding {
  const { id, policy, rule, subject, outcome, cause, value, limit, waiver } = finding
  return {
    id,
    policy,
    rule,
    subject: subject === null ? null : subjectText(subject),
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(value === undefined ? {} : { value }),
    ...(limit === undefined ? {} : { limit }),
    ...(waiver === undefined ? {} : { waiver: waiver.id }),
  }
}
