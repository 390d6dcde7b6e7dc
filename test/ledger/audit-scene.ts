// The lived-in repository for tests of `ledger audit`, and a way to give it another log.
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { command as ledger } from '../../engine/commands/ledger.ts'
import { judgeAgain, readFacts } from '../../engine/commands/ledger-audit.ts'
import type { AuditProblem } from '../../engine/ledger/audit-problem.ts'
import { openNothing } from '../../engine/ledger/encrypted-body.ts'
import { logEntries } from '../../engine/ledger/log-entries.ts'
import { trustInKey } from '../../engine/ledger/trust-policy.ts'
import { loadGovernance } from '../../engine/load/load-governance.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { type Audit, auditRepository } from '../../engine/record/audit-repository.ts'
import { logReader } from '../../engine/record/run-commit.ts'
import { entriesOf } from '../commands/ledger-scene.ts'
import { openStore } from '../run/governed-repository.ts'
import { livedRepository, say } from './audited-story.ts'
import { append, filesOf, type MemoryLog, SIGNER } from './memory-log.ts'

/** Made once; tests that change it take a copy. */
export const lived = livedRepository()

type Told = Pick<Audit, 'ok' | 'problems' | 'pending' | 'closed' | 'repeated' | 'compared'>

/** What the verb says. */
export async function audit(folder: string, options: Readonly<Record<string, string>> = {}) {
  const { exit, json, text } = await say(ledger, folder, ['audit'], options)
  return { ...(json as unknown as Told), exit, text: text(), json }
}

/** Each code once. */
export const codesOf = (problems: readonly AuditProblem[]) => [...new Set(problems.map(({ code }) => code))]

/** The same repository, whose log says what its keeper would like it to. */
export async function auditWith(folder: string, entries: readonly Uint8Array[]): Promise<Audit> {
  const log: MemoryLog = new Map()
  append(log, entries)
  const store = openStore(folder)
  const tree = store.commitTree(store.resolve('HEAD') ?? '')
  const { governance } = loadGovernance(tree, { metrics: metricsById })
  return await auditRepository({
    ...{ store, governance, base: tree, record: tree, tip: tree.commit, open: openNothing },
    ...{ judge: judgeAgain, facts: readFacts, forge: assembleWorld(0).openForge(store, governance) },
    files: filesOf(log),
    trust: trustInKey(SIGNER.key),
  })
}

/** The bytes of every entry, as they are hashed. */
export function rawEntries(folder: string): Uint8Array[] {
  const store = openStore(folder)
  const tree = store.commitTree(store.resolve('HEAD') ?? '')
  return [...logEntries(logReader(tree), entriesOf(folder).length)].map(({ bytes }) => bytes)
}

/** An entry as its keeper would write it. */
export const bytesOf = (entry: object) => Buffer.from(canonicalJson({ v: 1, ...entry }))
