// A small governance repository for tests of `run`: one model that fails (proposal and notice), one that passes, one
// without data (an error that blocks). Fixed key, author and dates, so every id is fixed too.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { openGitStore } from '../../engine/adapters/git/open-store.ts'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { policyText } from '../../engine/ledger/log-policy.ts'
import { formatSignerKey, signerOfSeed } from '../../engine/ledger/note-key.ts'
import { type RunOutcome, type RunRequest, runRepository } from '../../engine/run-repository.ts'
import type { GitStore } from '../../engine/world.ts'
import { commitAll } from '../scratch-repository.ts'

export const ORIGIN = 'banco.example/tutela'
export const NOW = '2026-11-22T06:00:00Z'
export const LATER = '2026-11-22T07:00:00Z'

const SEED = new Uint8Array(32).fill(7)

const card = (id: string, more = '') => `apiVersion: tutela/v1
kind: ModelCard
id: ${id}
title: Model ${id}
purpose: Ranks applications
stage: production
owners: ["team:credit-models"]
validator: "team:model-risk"
risk: { tier: high, automation: sole, domain: credit }
data:
  kind: binary
  prediction: approved
  label: paid
  features: [{ name: income, type: number }]
  protected: [{ name: sex, privileged: [M] }]
versions:
  - { version: "3.2.0", artifact: { uri: "mlflow:${id}/7" } }   # the newest
deployment: { environment: production, version: "3.2.0" }
${more}`

/** The line of a snapshot file: one window of one day. */
export function snapshotLine(model: string, day: number, ratio: number): string {
  const date = (of: number) => `2026-11-${String(of).padStart(2, '0')}T00:00:00Z`
  return `${JSON.stringify({
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model,
    version: '3.2.0',
    environment: 'production',
    purpose: 'monitoring',
    window: { start: date(day), end: date(day + 1) },
    rows: { current: 18234 },
    source: { tool: 'tutela', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
    measurements: [{ metric: 'fairness.demographic_parity_ratio', attribute: 'sex', value: ratio, n: 18234 }],
  })}\n`
}

export const GOVERNANCE = `apiVersion: tutela/v1
kind: Governance
institution: { name: Banco Exemplo, type: bank, timeZone: America/Sao_Paulo, languages: [pt, en] }
people: { "team:credit-models": [ana], "team:model-risk": [lia], "team:risk-committee": [teresa] }
ledger: { origin: ${ORIGIN} }
triggers: { local: { kind: command, argv: [node, retrain.mjs, "{model}"] } }
`

/** Path → text of everything but `ledger/policy`. */
export const GOVERNED_FILES: Readonly<Record<string, string>> = {
  '.gitattributes': 'ledger/** -text\n*.yaml text eol=lf\n*.ndjson text eol=lf\n',
  'policies/governance.yaml': GOVERNANCE,
  'policies/enforcement/production.yaml': `apiVersion: tutela/v1
kind: Enforcement
environment: production
policies: { fairness: mandatory }
`,
  'policies/fairness.yaml': `apiVersion: tutela/v1
kind: Policy
id: fairness
title: Credit models treat groups evenly
owner: "team:risk-committee"
severity: high
require:
  - id: impact-ratio
    metric: fairness.demographic_parity_ratio
    each: protected
    atLeast: 0.8
staleAfter: 48h
remediate: { action: retrain, dueIn: 5d }
`,
  'models/credit/card.yaml': card('credit', 'retrain: { trigger: local }\n'),
  'models/fraud/card.yaml': card('fraud'),
  'models/silent/card.yaml': card('silent'),
  'models/snapshots/2026/11/21T00/credit.ndjson': snapshotLine('credit', 21, 0.74),
  'models/snapshots/2026/11/21T00/fraud.ndjson': snapshotLine('fraud', 21, 0.93),
}

/** In place of its file: nothing is mandatory, so that a Git name may reject what is proposed. */
export const BY_APPROVAL: Readonly<Record<string, string>> = {
  'policies/enforcement/production.yaml':
    GOVERNED_FILES['policies/enforcement/production.yaml']?.replace('mandatory', 'approval') ?? '',
}

/** In memory where there is such a place: hundreds of repositories are made, and each flushes its files. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A new empty folder, removed after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(place, 'tutela-run-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files below a folder; `null` leaves one out. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** The public half, as `ledger/policy` has it. */
export function ledgerPolicy(): string {
  return policyText({ raw: {} }, [signerOfSeed(ORIGIN, SEED).key])
}

/** Puts the log's private key where `run` looks for it. */
export function giveKey(gitDir: string): void {
  mkdirSync(join(gitDir, 'tutela'), { recursive: true })
  writeFileSync(join(gitDir, 'tutela/ledger.key'), `${formatSignerKey(ORIGIN, SEED)}\n`, { mode: 0o600 })
}

/** The repository, committed on `main` in a new folder; `changed` stands in place of its files (`null`: left out). */
export function governedRepository(changed: Readonly<Record<string, string | Uint8Array | null>> = {}): string {
  const folder = join(scratch(), 'repository')
  writeFiles(folder, { ...GOVERNED_FILES, 'ledger/policy': ledgerPolicy(), ...changed })
  giveKey(commitAll(folder).gitDir)
  return folder
}

/** A copy in a new folder, stat times kept. */
export function copyOf(repository: string): string {
  const folder = join(scratch(), 'repository')
  cpSync(repository, folder, { recursive: true, preserveTimestamps: true })
  return folder
}

export function openStore(folder: string): GitStore {
  const store = openGitStore(folder, { userConfig: false })
  if (store === null) throw new Error(`no repository in ${folder}`)
  return store
}

/** `run` in this process. */
export function runIn(folder: string, now = NOW, more: Partial<RunRequest> = {}): Promise<RunOutcome> {
  const instant = Date.parse(now)
  return runRepository({
    world: assembleWorld(instant),
    store: openStore(folder),
    ref: null,
    now: instant,
    language: null,
    deliver: true,
    ...more,
  })
}
