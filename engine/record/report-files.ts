// The files of a run's report, by path: run.json, a Markdown page a language, and which run is the newest.
// Empty when neither the verdicts nor the actions differ from those last recorded.
import { canonicalJson } from '../base/canonical-json.ts'
import type { NoticeState } from '../domain/notice.ts'
import { runFolder } from '../domain/recorded-run.ts'
import type { Bookmark } from '../remediate/events-since.ts'
import { demandsOf, recordedDemands } from '../report/demands.ts'
import { renderReport } from '../report/render-report.ts'
import type { ReportInput } from '../report/report-input.ts'
import { runJson, runJsonText } from '../report/run-json.ts'
import { LATEST } from './forge-state.ts'

export interface KeptByRun {
  /** What every channel knows after this run. */
  readonly notices: readonly NoticeState[]
  /** How far the events of forge and deliveries were read. */
  readonly events: Bookmark
}

/** Without a report, `latest.json` alone: it still says how far events were read. */
export function reportFiles(input: ReportInput, { notices, events }: KeptByRun): Map<string, Uint8Array> {
  const { plan, previous, rulebook, now } = input
  const files = new Map<string, Uint8Array>()
  if (!plan.actions.some((action) => action.kind === 'report')) {
    if (previous !== null) files.set(LATEST, latest(previous.run, previous.path, events))
    return files
  }
  const folder = runFolder(now, plan.run)
  const kept = { demands: recordedDemands(demandsOf(input), input), notices }
  files.set(`${folder}/run.json`, bytesOf(runJsonText(runJson(plan, previous, kept))))
  for (const language of rulebook.governance.institution.languages) {
    files.set(`${folder}/report.${language}.md`, bytesOf(renderReport(input, language)))
  }
  files.set(LATEST, latest(plan.run, folder, events))
  return files
}

function latest(run: string, path: string, events: Bookmark): Uint8Array {
  return bytesOf(`${canonicalJson({ run, path, events })}\n`)
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
