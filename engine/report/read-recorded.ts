// Reads what earlier runs recorded under reports/, and makes the newest whole again: findings that its run.json
// leaves out are taken from the runs that it names. Reads files of one tree; writes nothing.
import { Fault } from '../base/fault.ts'
import { compareBy } from '../base/order.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import type { PreviousRun, RecordedRun, UnchangedVerdict } from '../domain/recorded-run.ts'

/** Where recorded runs are read from: a commit of the record branch, or a working tree. */
export interface RecordedFiles {
  has(path: string): boolean
  read(path: string): Uint8Array
}

const LATEST = 'reports/latest.json'
const FOLDER = /^reports\/\d{4}-\d\d-\d\d\/[0-9a-f]{16}$/

/** The newest recorded run; null before the first. Faults `report/unreadable` where its files are broken. */
export function readLatestRun(files: RecordedFiles): PreviousRun | null {
  if (!files.has(LATEST)) return null
  const latest = readJson(files, LATEST) as { readonly path?: unknown }
  if (typeof latest.path !== 'string') throw unreadable(LATEST, 'it has no `path`')
  return readRecordedRun(files, latest.path)
}

/** The recorded run of a folder `reports/<yyyy-mm-dd>/<run>`. Lost findings leave their deployment out of `findingsIn`. */
export function readRecordedRun(files: RecordedFiles, folder: string): PreviousRun {
  const recorded = readRun(files, folder)
  const others = new Map<string, ReadonlyMap<string, readonly Finding[]>>([
    [folder, findingsByDeployment(recorded.findings)],
  ])
  const findingsIn = new Map<string, string>()
  const findings: Finding[] = []
  const verdicts = recorded.verdicts.map((verdict): Verdict => {
    const key = deploymentKey(verdict)
    const source = isUnchanged(verdict) ? verdict.unchanged.findingsIn : folder
    if (!others.has(source) && isThere(files, source))
      others.set(source, findingsByDeployment(readRun(files, source).findings))
    const own = others.get(source)?.get(key) ?? []
    if (others.has(source)) findingsIn.set(key, source)
    findings.push(...own)
    return isUnchanged(verdict) ? restored(verdict, own) : verdict
  })
  const { demands = [], notices = [], former = [], ...plan } = recorded
  return {
    run: recorded.run,
    path: folder,
    plan: { ...plan, verdicts, findings },
    findingsIn,
    demands,
    notices,
    former,
  }
}

/** Folders of all recorded runs of a listing of paths, oldest day first. */
export function recordedFolders(paths: Iterable<string>): string[] {
  const folders = new Set<string>()
  for (const path of paths)
    if (path.endsWith('/run.json') && FOLDER.test(path.slice(0, -'/run.json'.length)))
      folders.add(path.slice(0, -'/run.json'.length))
  return [...folders].sort(compareBy((folder) => folder))
}

function isUnchanged(verdict: RecordedRun['verdicts'][number]): verdict is UnchangedVerdict {
  return 'unchanged' in verdict
}

function restored({ unchanged: _, ...verdict }: UnchangedVerdict, findings: readonly Finding[]): Verdict {
  return { ...verdict, findings: findings.map((finding) => finding.id) }
}

function isThere(files: RecordedFiles, folder: string): boolean {
  return FOLDER.test(folder) && files.has(`${folder}/run.json`)
}

function readRun(files: RecordedFiles, folder: string): RecordedRun {
  const path = `${folder}/run.json`
  if (!FOLDER.test(folder)) throw unreadable(LATEST, `\`${folder}\` is no folder of a run`)
  if (!files.has(path)) throw unreadable(path, 'it is not there')
  const run = readJson(files, path) as Partial<RecordedRun>
  const isRun = Array.isArray(run.verdicts) && Array.isArray(run.findings) && Array.isArray(run.actions)
  if (!isRun || typeof run.run !== 'string' || typeof run.digest !== 'string')
    throw unreadable(path, 'it is no recorded run')
  return run as RecordedRun
}

/** A file that a run wrote. Faults `report/unreadable`. */
export function readJson(files: RecordedFiles, path: string): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(files.read(path)))
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    if (error instanceof Fault) throw error
  }
  throw unreadable(path, 'it is not JSON')
}

/** The fault `report/unreadable` for a recorded file; thrown by the caller. */
export function unreadable(path: string, why: string): Fault {
  return new Fault(
    'report/unreadable',
    `\`${path}\` cannot be read: ${why}`,
    'restore it from the record branch: only runs write `reports/`',
  )
}
