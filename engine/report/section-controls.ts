// The controls that findings touch, with what binds and what does not yet. A control without findings is not listed,
// and the section says that this proves nothing.

import { code, type Markdown, md, prose, table, trusted } from '../base/markdown-text.ts'
import type { Finding } from '../domain/finding.ts'
import { conformityOf } from '../domain/finding-figures.ts'
import { counted, type ReportContext } from './report-context.ts'

interface Touched {
  readonly notConforming: number
  readonly insufficient: number
  readonly alerts: number
}

/** The controls that findings touch, with what they cite. */
export function controlsSection(context: ReportContext): string[] {
  const { words, input } = context
  const title = `## 4. ${words.controls.title}`
  const touched = touchedControls(input.plan.findings)
  if (touched.length === 0) return [title, words.controls.none]
  const w = words.controls
  const header = [w.control, w.framework, w.cites, w.status, w.notConforming, w.insufficient, w.alerts]
  return [
    title,
    table(
      header,
      touched.map(([id, counts]) => controlRow(id, counts, context)),
    ),
    w.note,
  ]
}

function touchedControls(findings: readonly Finding[]): (readonly [string, Touched])[] {
  const byControl = new Map<string, { notConforming: number; insufficient: number; alerts: number }>()
  for (const finding of findings) {
    if (finding.outcome === 'pass') continue
    const state = conformityOf(finding)
    for (const id of finding.controls) {
      const counts = byControl.get(id) ?? { notConforming: 0, insufficient: 0, alerts: 0 }
      if (state === 'notConforming') counts.notConforming++
      else if (state === 'insufficient') counts.insufficient++
      else counts.alerts++
      byControl.set(id, counts)
    }
  }
  return [...byControl].sort(([a], [b]) => (a < b ? -1 : 1))
}

function controlRow(id: string, counts: Touched, context: ReportContext): (Markdown | null)[] {
  const { controls, language, words, vocabulary } = context
  const cited = controls.get(id)
  const status = cited?.control.status
  const readiness = status === 'bill' || status === 'not-yet-in-force' ? ` (${words.controls.readiness})` : ''
  return [
    code(id),
    cited === undefined ? trusted(words.controls.unknown) : prose(cited.framework.title[language]),
    cited?.control.cites === undefined ? null : prose(cited.control.cites),
    status === undefined ? null : trusted(vocabulary.controlStatus[status] + readiness),
    ...[counts.notConforming, counts.insufficient, counts.alerts].map(
      (count) => md`${trusted(counted(count, context))}`,
    ),
  ]
}
