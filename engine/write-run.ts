// The commit of a run, written as objects that nothing refers to yet: report, ledger entries and signed checkpoint.
import { encodeBase64 } from './base/base64.ts'
import type { Digest } from './base/canonical-json.ts'
import { Fault } from './base/fault.ts'
import { compareText } from './base/order.ts'
import { sshSign } from './base/sshsig.ts'
import { parseSshPrivateKey } from './base/sshsig-keys.ts'
import type { Governance, Language } from './domain/governance.ts'
import type { Instant } from './domain/instant.ts'
import { cardDigests, judgeRepository } from './judge-repository.ts'
import type { RunBody } from './ledger/entry-bodies.ts'
import { cidText } from './ledger/ipfs/cid.ts'
import { POLICY_PATH } from './ledger/log-policy.ts'
import { type PlannedRepository, reportInputOf } from './pipeline.ts'
import { believedMarks } from './record/believed-marks.ts'
import { type ForgeState, LATEST } from './record/forge-state.ts'
import { keepRunBody, keptRunBody } from './record/kept-run-body.ts'
import { lastRunBody } from './record/last-entries.ts'
import type { OpenedRun } from './record/open-run.ts'
import { readSecret } from './record/read-secret.ts'
import { reportFiles } from './record/report-files.ts'
import { ledgerOfRun, logReader, type RunFacts, runCommit } from './record/run-commit.ts'
import { withRecordedSnapshots } from './record/two-refs.ts'
import { triggerMarks } from './remediate/delivered-marks.ts'
import type { FileChange, ReportInput } from './report/report-input.ts'
import type { ObjectId, SourceTree, World } from './world.ts'

export interface WrittenRun {
  readonly commit: ObjectId
  readonly recorded: { readonly commit: ObjectId; readonly firstEntry: number; readonly entries: number }
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string }
}

type MessageOf = NonNullable<ReportInput['messageOf']>

interface Trees {
  readonly base: SourceTree
  readonly record: SourceTree | null
  readonly forge: ForgeState
}

/** Writes the objects of the run's commit; nothing refers to them yet. */
export async function writeRun(opened: OpenedRun, planned: PlannedRepository, trees: Trees): Promise<WrittenRun> {
  const { store, world, now, governance, keys, refs } = opened
  const { base, record, forge } = trees
  // The first commit of a record branch begins with the base's log.
  const log = logReader(record ?? base)
  const last = lastRunBody(log, keptRunBody(record ?? base))
  const input = {
    ...reportInputOf(planned, forge.proposals, now, triggerMarks(store).filter(believedMarks(store, record))),
    messageOf: messagesOf(planned, trees, now),
    fileChanges: changedFiles(last, planned),
  }
  const report = reportFiles(input, { notices: planned.notices, events: forge.bookmark })
  const facts: RunFacts = {
    plan: planned.plan,
    judgements: planned.judgements,
    rulebook: planned.rulebook,
    cards: cardDigests(planned.models),
    events: forge.events,
    previous: planned.previous,
    last,
    now,
    report,
  }
  const blocks = world.openBlocks?.(store)
  const ledger = await ledgerOfRun(facts, base, log, keys, (cid) => blocks?.get(cidText(cid)) ?? null)
  const latest = report.get(LATEST)
  if (latest !== undefined) {
    const recorded = ledger.hidden === null ? null : { run: planned.plan.run, body: ledger.hidden }
    report.set(LATEST, keepRunBody(latest, recorded))
  }
  const changes = new Map([...(refs.isOne ? [] : ledgerOfBase(base, record)), ...ledger.changes, ...report])
  const sign = commitSigner(world, governance)
  const commit = store.writeCommit(
    runCommit({ plan: planned.plan, governance, now, tip: refs.record.commit, changes, sign }),
  )
  const { size, root, firstIndex } = ledger.append
  return {
    commit,
    recorded: { commit, firstEntry: firstIndex, entries: ledger.entries },
    checkpoint: { origin: keys.origin, size, root: encodeBase64(root) },
  }
}

/** `ledger/policy` as people have it on the base; for the first commit of a record branch the whole log. */
function ledgerOfBase(base: SourceTree, record: SourceTree | null): [string, Uint8Array][] {
  const paths =
    record === null ? base.list(['ledger']).map(({ path }) => path) : base.has(POLICY_PATH) ? [POLICY_PATH] : []
  return paths.map((path) => [path, base.read(path)])
}

/** Messages of the findings in the other languages of the reports: judged once more in each. */
export function messagesOf(
  planned: PlannedRepository,
  { base, record }: Pick<Trees, 'base' | 'record'>,
  now: Instant,
): MessageOf {
  const tree = record === null || record === base ? base : withRecordedSnapshots(base, record)
  const known = new Map<Language, ReadonlyMap<string, string>>()
  const messagesIn = (language: Language): ReadonlyMap<string, string> => {
    const { models } = judgeRepository({ tree, now, language, keep: 'not-pass' })
    const findings = models.flatMap((model) => model.judgements.flatMap((judgement) => judgement.findings))
    return new Map(findings.map(({ id, message }) => [id, message]))
  }
  return (finding, language) => {
    if (language === planned.language) return finding.message
    const messages = known.get(language) ?? messagesIn(language)
    known.set(language, messages)
    return messages.get(finding.id) ?? finding.message
  }
}

function commitSigner({ process, files }: World, { record }: Governance): ((payload: Uint8Array) => string) | null {
  if (record.signingKey === null) return null
  const reading = parseSshPrivateKey(readSecret(record.signingKey, { process, files }))
  if (!('key' in reading)) {
    throw new Fault(
      'record/bad-signing-key',
      `\`record.signingKey\`: ${reading.problem}`,
      'it is an Ed25519 key of OpenSSH without a passphrase',
    )
  }
  const { key } = reading
  return (payload) => sshSign(key, payload, 'git')
}

/** What people changed since the last `run` entry, by its digests; null where it kept only their digest. */
function changedFiles(last: RunBody | null, { rulebook, models }: PlannedRepository): readonly FileChange[] | null {
  if (last === null) return []
  if (typeof last.policies === 'string' || typeof last.cards === 'string') return null
  const policies = new Map(rulebook.policies.map(({ id, digest }) => [id, digest]))
  return [
    ...differences('policy', new Map(Object.entries(last.policies)), policies),
    ...differences('card', new Map(Object.entries(last.cards)), cardDigests(models)),
  ]
}

function differences(
  kind: FileChange['kind'],
  before: ReadonlyMap<string, Digest>,
  after: ReadonlyMap<string, Digest>,
): FileChange[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compareText)
  return ids.flatMap((id): FileChange[] => {
    if (before.get(id) === after.get(id)) return []
    return [{ kind, id, how: !before.has(id) ? 'added' : after.has(id) ? 'changed' : 'removed' }]
  })
}
