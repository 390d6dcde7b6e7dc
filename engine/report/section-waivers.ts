// Waivers on the day of the run: what each excuses, until when, why; unused and expired ones are said.

import { code, type Markdown, md, prose, table, trusted } from '../base/markdown-text.ts'
import { formatDay } from '../domain/figures.ts'
import { counted, leftOut, type ReportContext } from './report-context.ts'
import { type WaiverUse, waiverUses } from './waiver-use.ts'

/** Arbitrary. */
const MOST = 200

/** One row a waiver, at most 200; how many more there are is said. */
export function waiversSection(context: ReportContext): string[] {
  const { words, input } = context
  const title = `## 6. ${words.waivers.title}`
  const uses = waiverUses(input)
  if (uses.length === 0) return [title, words.waivers.none]
  const w = words.waivers
  return [
    title,
    table(
      [w.waiver, w.standing, w.until, w.covers, w.excuses, w.reason],
      uses.slice(0, MOST).map((use) => waiverRow(use, context)),
    ),
    ...(uses.length > MOST ? [leftOut(uses.length - MOST, context)] : []),
  ]
}

function waiverRow({ waiver, standing, excuses }: WaiverUse, context: ReportContext): (Markdown | null)[] {
  const { words, language } = context
  const subject = waiver.subject === undefined ? trusted('') : md` · ${code(waiver.subject)}`
  const compensating =
    waiver.compensatingControl === undefined
      ? trusted(words.waivers.noCompensating)
      : md`${trusted(words.waivers.compensating)}: ${waiver.compensatingControl}`
  const ticket = waiver.ticket === undefined ? trusted('') : md` (${code(waiver.ticket)})`
  return [
    code(waiver.id),
    trusted(words.waivers.standings[standing]),
    trusted(`${formatDay(waiver.issued, language)} – ${formatDay(waiver.expires, language)}`),
    md`${code(waiver.model)} · ${code(`${waiver.policy}/${waiver.rule}`)}${subject}`,
    trusted(words.waivers.checks(counted(excuses, context))),
    md`${prose(waiver.reason)}${ticket}; ${trusted(words.waivers.requested)}: ${code(waiver.requestedBy)}, ${trusted(words.waivers.approved)}: ${code(waiver.approvedBy)}; ${compensating}`,
  ]
}
