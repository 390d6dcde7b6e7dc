// The log against the reports of runs: each published file is there with its bytes, each report has its entry, and each
// decision that a run reported anew has its `evaluation` entry and no other. Reads one tree; writes nothing.
import { type Digest, digestOf, sha256Hex } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import type { Finding } from '../domain/finding.ts'
import type { Plan, PlannedAction } from '../domain/plan.ts'
import type { AuditPart, RunGroup } from '../ledger/audit-groups.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import type { EvaluationBody, ReportPublishedBody, RunBody } from '../ledger/entry-bodies.ts'
import { recordedFinding, verdictDigest } from '../ledger/run-entries.ts'
import { readRecordedRun, recordedFolders } from '../report/read-recorded.ts'
import type { SourceTree } from '../world.ts'

/** Takes what a run decided to do, as its run.json has it. */
export type SeeOutbox = (run: string, actions: readonly PlannedAction[]) => void

/** Compares run by run; of runs that nobody can open, the files of reports are not compared. */
export class ReportAudit implements AuditPart {
  private readonly tree: SourceTree
  private readonly report: (problem: AuditProblem) => void
  /** Folder by run id, less those that were met. */
  private readonly folders: Map<string, string>
  private verdicts: ReadonlyMap<string, Digest> = new Map()
  private readonly seeOutbox: SeeOutbox
  /** Of the run that was seen last; null where it has no report. */
  private plan: Plan | null = null
  /** How many reports were compared. */
  reports = 0

  constructor(tree: SourceTree, report: (problem: AuditProblem) => void, seeOutbox: SeeOutbox = () => undefined) {
    this.tree = tree
    this.report = report
    this.seeOutbox = seeOutbox
    const folders = recordedFolders(tree.list(['reports']).map(({ path }) => path))
    this.folders = new Map(folders.map((folder) => [folder.slice(folder.lastIndexOf('/') + 1), folder]))
  }

  /** The snapshots of a decision that the last run reported: its entry holds their digest alone where they are many. */
  snapshotsOf(key: string): readonly Digest[] {
    return this.plan?.verdicts.find((verdict) => deploymentKey(verdict) === key)?.snapshots ?? []
  }

  see(group: RunGroup): void {
    this.plan = null
    const folder = this.folders.get(group.run)
    this.folders.delete(group.run)
    const isClosed = group.entries.some(({ body }) => body === null)
    const [published, ...more] = group.entries.filter(({ kind }) => kind === 'report-published')
    for (const { index } of more)
      this.report({ code: 'audit/entry-without-event', where: `entry ${index}`, actual: 'report-published' })
    if (folder !== undefined && published === undefined)
      this.report({ code: 'audit/report-without-entry', where: folder, expected: `run ${group.run}` })
    if (published?.body) this.compareFiles(published.index, published.body as unknown as ReportPublishedBody)
    if (folder === undefined) {
      if (published === undefined) this.compareVerdicts(group, [])
      return
    }
    this.reports++
    const reported = this.readReport(group, folder)
    if (reported === null) return
    const changed = [...reported].filter(([key, digest]) => this.verdicts.get(key) !== digest)
    this.verdicts = reported
    if (!isClosed) this.compareVerdicts(group, changed)
  }

  finish(): void {
    for (const [run, folder] of this.folders)
      this.report({ code: 'audit/report-without-entry', where: folder, expected: `run ${run}` })
  }

  private compareFiles(index: number, { path, files }: ReportPublishedBody): void {
    for (const [name, digest] of Object.entries(files ?? {})) {
      const file = `${path}/${name}`
      if (!this.tree.has(file)) {
        this.report({ code: 'audit/report-missing', where: file, expected: `entry ${index}` })
        continue
      }
      const actual = `sha256:${sha256Hex(this.tree.read(file))}`
      if (actual !== digest) this.report({ code: 'audit/report-changed', where: file, expected: digest, actual })
    }
  }

  /** Digests of the verdicts by deployment; null (and a problem) where the file cannot be read. */
  private readReport({ run, entries }: RunGroup, folder: string): ReadonlyMap<string, Digest> | null {
    try {
      const { plan } = readRecordedRun(this.tree, folder)
      const told = entries[0]?.kind === 'run' ? (entries[0].body as RunBody | null)?.digest : undefined
      if (plan.run !== run || (told !== undefined && told !== plan.digest)) {
        const actual = `run ${plan.run} ${plan.digest}`
        this.report({
          code: 'audit/report-changed',
          where: `${folder}/run.json`,
          expected: `run ${run} ${told ?? ''}`,
          actual,
        })
      }
      this.plan = plan
      this.seeOutbox(run, plan.actions)
      return new Map(plan.verdicts.map((verdict) => [deploymentKey(verdict), verdictDigest(verdict)]))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.report({ code: 'audit/report-changed', where: `${folder}/run.json`, actual: error.message })
      return null
    }
  }

  private compareVerdicts({ first, run, entries }: RunGroup, changed: readonly (readonly [string, Digest])[]): void {
    const left = new Map(changed)
    const findings = findingsByDeployment(this.plan?.findings ?? [])
    const head = entries[0]?.kind === 'run' ? (entries[0].body as RunBody | null) : null
    for (const { index, kind, body } of entries) {
      if (kind !== 'evaluation' || body === null) continue
      const evaluation = body as unknown as EvaluationBody
      const { verdict } = evaluation
      const key = deploymentKey(verdict)
      const expected = left.get(key)
      left.delete(key)
      const actual = verdictDigest(verdict)
      if (expected === actual) {
        this.compareRest(index, evaluation, { findings: findings.get(key) ?? [], head })
        continue
      }
      this.report({
        code: 'audit/entry-without-verdict',
        where: `entry ${index}`,
        ...(expected === undefined ? {} : { expected }),
        actual: `${shown(key)} ${actual}`,
      })
    }
    for (const [key, digest] of left) {
      const expected = `${shown(key)} ${digest}`
      this.report({ code: 'audit/verdict-without-entry', where: `run ${run} at entry ${first}`, expected })
    }
  }

  /** What was found, and by which card and policies: the verdict's own digest does not cover it. */
  private compareRest(index: number, body: EvaluationBody, { findings, head }: Reported): void {
    const found = findings.filter(({ outcome }) => outcome !== 'pass').map(recordedFinding)
    const cards = head === null || typeof head.cards === 'string' ? null : head.cards
    const fields: [name: string, expected: string, actual: string][] = [
      ['findings', digestOf(found), digestOfFindings(body.findings)],
      ['policies', head?.rulebook ?? body.policies, body.policies],
      ['card', cards === null ? String(body.card) : String(cards[body.verdict.model] ?? null), String(body.card)],
    ]
    for (const [name, expected, actual] of fields) {
      if (actual === expected) continue
      this.report({ code: 'audit/entry-without-verdict', where: `entry ${index} ${name}`, expected, actual })
    }
  }
}

interface Reported {
  readonly findings: readonly Finding[]
  readonly head: RunBody | null
}

/** The list itself, or what stands for it where it is long. */
function digestOfFindings(findings: EvaluationBody['findings']): Digest {
  return typeof findings === 'string' ? findings : digestOf(findings)
}

function shown(key: string): string {
  const [model, environment, version] = key.split('\0')
  return `${model} ${version} in ${environment}`
}
