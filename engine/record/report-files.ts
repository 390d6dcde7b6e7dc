// The files of a run's report, by path: run.json, a Markdown page a language, and which run is the newest.
// Empty when neither the verdicts nor the actions differ from those last recorded.
import type { NoticeState } from '../domain/notice.ts'
import { runFolder } from '../domain/recorded-run.ts'
import { demandsOf, recordedDemands } from '../report/demands.ts'
import { renderReport } from '../report/render-report.ts'
import type { ReportInput } from '../report/report-input.ts'
import { runJson, runJsonText } from '../report/run-json.ts'

/** `notices`: what every channel knows after this run. */
export function reportFiles(input: ReportInput, notices: readonly NoticeState[]): Map<string, Uint8Array> {
  const { plan, previous, rulebook, now } = input
  const files = new Map<string, Uint8Array>()
  if (!plan.actions.some((action) => action.kind === 'report')) return files
  const folder = runFolder(now, plan.run)
  const kept = { demands: recordedDemands(demandsOf(input)), notices }
  files.set(`${folder}/run.json`, bytesOf(runJsonText(runJson({ ...plan, kind: 'Run' }, previous, kept))))
  for (const language of rulebook.governance.institution.languages) {
    files.set(`${folder}/report.${language}.md`, bytesOf(renderReport(input, language)))
  }
  files.set('reports/latest.json', bytesOf(`${JSON.stringify({ run: plan.run, path: folder })}\n`))
  return files
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
