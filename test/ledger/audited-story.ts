// A year in an afternoon: a repository that lives through every event that the program can have, so that its log has an entry
// of each kind that has a writer. For tests of completeness.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../../engine/commands/command.ts'
import { command as ledger } from '../../engine/commands/ledger.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import type { Proposal } from '../../engine/domain/proposal.ts'
import { keepCommitment, openingsFolder } from '../../engine/ledger/commitment-store.ts'
import { askCommand } from '../ask-command.ts'
import { commitAs } from '../commands/ledger-scene.ts'
import { ana, lia, signersOf } from '../remediate/signers.ts'
import { GOVERNED_FILES, governedRepository, runIn, snapshotLine, writeFiles } from '../run/governed-repository.ts'

/** The moments of its runs. */
export const MOMENTS = [
  '2026-11-22T06:00:00Z',
  '2026-11-22T10:00:00Z',
  '2026-11-22T14:00:00Z',
  '2026-11-23T06:00:00Z',
  '2026-11-23T10:00:00Z',
] as const

const FAIRNESS = GOVERNED_FILES['policies/fairness.yaml'] ?? ''
const FRAUD = GOVERNED_FILES['models/fraud/card.yaml'] ?? ''

const WAIVER = `apiVersion: tutela/v1
kind: Waiver
id: fraud-november
policy: fairness
rule: impact-ratio
model: silent
reason: the data come in a new form until the end of the day
ticket: RISK-17
requestedBy: "team:credit-models"
approvedBy: "team:risk-committee"
issued: 2026-11-22
expires: 2026-11-22
compensatingControl: decisions are reviewed by hand
`

/** The repository at the end; `until` stops after so many of its runs. */
export async function livedRepository(until: number = MOMENTS.length): Promise<string> {
  const folder = governedRepository({
    'retrain.mjs': '',
    'policies/allowed-signers': signersOf(ana, lia),
    'policies/fairness.yaml': FAIRNESS.replace(
      'severity: high\n',
      'severity: high\nappliesTo: { not: { id: fraud } }\n',
    ),
    'policies/steady.yaml': FAIRNESS.replace('id: fairness', 'id: steady')
      .replace('severity: high\n', 'severity: high\nappliesTo: { id: fraud }\n')
      .replace('action: retrain, dueIn: 5d', 'action: rollback'),
    'policies/enforcement/production.yaml': (GOVERNED_FILES['policies/enforcement/production.yaml'] ?? '').replace(
      'fairness: mandatory',
      'fairness: mandatory, steady: mandatory',
    ),
    'models/fraud/card.yaml': deployed('3.1.4'),
    // Fails, and is excused on the second day for a day: its proposal ends and comes again.
    'models/snapshots/2026/11/21T00/silent.ndjson': snapshotLine('silent', 21, 0.7),
    'models/snapshots/2026/11/21T00/fraud.ndjson': snapshotLine('fraud', 21, 0.93).replaceAll('3.2.0', '3.1.4'),
  })
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  for (const { name, privateFile, publicLine } of [ana, lia]) {
    writeFileSync(join(folder, '..', name), privateFile, { mode: 0o600 })
    writeFileSync(join(folder, '..', `${name}.pub`), `${publicLine}\n`)
  }
  const chapters = [firstDay, waiverAndPolicy, mergedRetrain, failedRelease, erasureAndRotation]
  for (const [i, chapter] of chapters.slice(0, until).entries()) {
    await chapter(folder)
    await runIn(folder, MOMENTS[i])
  }
  return folder
}

function deployed(version: string): string {
  return FRAUD.replace(
    /versions:\n.*\n/,
    'versions:\n  - { version: "3.2.0", artifact: { uri: "mlflow:fraud/7" } }\n  - { version: "3.1.4", artifact: { uri: "mlflow:fraud/6" } }\n',
  ).replace('environment: production, version: "3.2.0"', `environment: production, version: "${version}"`)
}

/** Nothing happened yet. */
async function firstDay(): Promise<void> {}

/** The proposal of the first run gets other evidence: its policy changed. */
async function waiverAndPolicy(folder: string): Promise<void> {
  const file = join(folder, 'policies/fairness.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('atLeast: 0.8', 'atLeast: 0.82'))
  writeFiles(folder, { 'policies/waivers/fraud-november.yaml': WAIVER })
  commitAs(folder, 'a stricter limit, and a day of grace')
}

async function mergedRetrain(folder: string): Promise<void> {
  const id = await proposalOf(folder, 'credit')
  await say(pr, folder, ['approve', id], { key: '../ana' }, '2026-11-22T11:00:00Z')
  await say(pr, folder, ['merge', id], {}, '2026-11-22T11:30:00Z')
}

async function failedRelease(folder: string): Promise<void> {
  writeFiles(folder, {
    'models/fraud/card.yaml': deployed('3.2.0'),
    'models/snapshots/2026/11/22T00/fraud.ndjson': snapshotLine('fraud', 22, 0.6),
  })
  commitAs(folder, 'fraud: release 3.2.0')
}

async function erasureAndRotation(folder: string): Promise<void> {
  const id = await proposalOf(folder, 'fraud')
  await say(pr, folder, ['approve', id], { key: '../ana' }, '2026-11-23T07:00:00Z')
  await say(pr, folder, ['merge', id], {}, '2026-11-23T07:30:00Z')
  const commitment = keepCommitment(openingsFolder(join(folder, '.git')), 'customer 17', randomBytes(32))
  await say(ledger, folder, ['erase', commitment], {}, '2026-11-23T08:00:00Z')
  await say(ledger, folder, ['key', 'rotate'], {}, '2026-11-23T08:00:00Z')
  commitAs(folder, 'policy with both keys')
}

async function proposalOf(folder: string, model: string): Promise<string> {
  const { json } = await say(pr, folder, ['list'], {}, '2026-11-23T08:00:00Z')
  const { proposals } = JSON.parse(JSON.stringify(json)) as { proposals: Proposal[] }
  const found = proposals.find((one) => one.model === model && one.state === 'open')
  assert.ok(
    found !== undefined,
    `no open proposal of ${model}: ${JSON.stringify(proposals.map((p) => [p.model, p.action, p.state]))}`,
  )
  return found.id
}

/** Asks a verb at a moment. */
export async function say(
  command: Command,
  folder: string,
  args: readonly string[],
  options: Readonly<Record<string, string>> = {},
  now = '2026-11-23T12:00:00Z',
) {
  const instant = Date.parse(now)
  const result = await askCommand(command, folder, { args, options, now: instant, globals: { format: 'json' } })
  return { ...result, json: result.json as Record<string, unknown> }
}
