// Opens the two refs for a run: fetched from the remote, with what a killed run left behind finished, and the key that
// will sign. Moves refs only forward, to what the remote has; the commit point of a run is here too.
import { hasErrors } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import { loadSigners } from '../ledger/load-signer.ts'
import { namedSigners, POLICY_PATH, readWitnesses } from '../ledger/log-policy.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { notFolders } from '../load/not-folders.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { FetchedProposals, GitRemote, GitStore, MergingForge, ObjectId, SourceTree, World } from '../world.ts'
import { requireExtendsKnown } from './known-heads.ts'
import { requireLogKept } from './recorded-runs.ts'
import type { LogKeys } from './run-commit.ts'
import { fetchRecord, type RemoteRefs } from './sync-remote.ts'
import { baseOf, recordRef, type TwoRefs, twoRefs } from './two-refs.ts'

export interface OpenedRun {
  readonly world: World
  readonly store: GitStore
  readonly governance: Governance
  readonly refs: TwoRefs
  readonly keys: LogKeys
  readonly now: Instant
  readonly forge: MergingForge
  readonly remote: GitRemote | null
  /** What the remote had. */
  readonly there: RemoteRefs
  /** What people said here, and too late, as the fetch found out. */
  readonly lost: FetchedProposals['lost']
}

export interface OpenRequest {
  readonly world: World
  readonly store: GitStore
  /** `--ref`; null: what is checked out. */
  readonly ref: string | null
  readonly now: Instant
}

/** Faults where there is no branch to commit to, no key, or a key that `ledger/policy` does not name. */
export async function openRun({ world, store, ref, now }: OpenRequest): Promise<OpenedRun> {
  store.finishMove()
  const remote = store.remote()
  const before = baseOf(store, ref)
  const settings = governanceAt(store, before.commit)
  const name = recordRef(settings, before.ref)
  const isShared = remote !== null && name !== null
  const { there, lost } = isShared
    ? await fetchRecord({ store, forge: world.openForge(store, settings) }, remote, name)
    : NOTHING_FETCHED
  const base = baseOf(store, ref)
  const governance = governanceAt(store, base.commit)
  const refs = twoRefs(store, base, governance)
  requireLogKept(store, refs.record.commit)
  const tree = store.commitTree(refs.record.commit ?? base.commit)
  requireExtendsKnown({ store, origin: governance.ledger.origin, ref: refs.record.ref, tree })
  const keys = logKeys(world, store, governance, store.commitTree(base.commit))
  return { world, store, governance, refs, keys, now, forge: world.openForge(store, governance), remote, there, lost }
}

const NOTHING_FETCHED: Pick<FetchedProposals, 'there' | 'lost'> = { there: new Map(), lost: [] }

/** Whether governance.yaml of the base cannot be relied on: then nobody knows where runs commit, or with which key. */
export function areSettingsBroken({ store, ref }: Pick<OpenRequest, 'store' | 'ref'>): boolean {
  const tree = store.commitTree(baseOf(store, ref).commit)
  return hasErrors([...notFolders(tree), ...loadGovernance(tree, { metrics: metricsById }).diagnostics])
}

function governanceAt(store: GitStore, commit: ObjectId): Governance {
  return loadGovernance(store.commitTree(commit), { metrics: metricsById }).governance
}

/** The signers that `ledger/policy` of the base names; a fault where it names none of them. */
function logKeys(world: World, store: GitStore, { ledger }: Governance, base: SourceTree): LogKeys {
  const { origin, key } = ledger
  // Whom nobody could ask after the commit is said before it.
  readWitnesses(ledger.raw.witnesses ?? [])
  const all = loadSigners(world.process, { key, origin, gitDir: store.gitDir, workTree: store.workTree })
  const { signers, trust } = namedSigners(base.has(POLICY_PATH) ? base.read(POLICY_PATH) : null, all)
  return { origin, signers, trusted: trust.logs }
}

/** The commit point, and the files with it. With a remote it is the push; false when another was faster. */
export async function moveRecord(
  { store, refs: { record }, remote, there }: OpenedRun,
  commit: ObjectId,
): Promise<boolean> {
  const move = { ref: record.ref, expect: record.commit, to: commit }
  store.requireMovable(move)
  if (remote !== null) {
    const isTaken = await remote.push([{ ...move, expect: there.get(record.ref) ?? null }])
    if (!isTaken) return false
  }
  return store.moveBranch(move)
}
