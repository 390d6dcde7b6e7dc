// One run as Markdown for a model owner and a risk committee: what changed, what is demanded of whom by when,
// then everything else. Pure: the same run gives the same bytes.
import type { Language } from '../domain/governance.ts'
import { coverageOf } from './coverage.ts'
import { demandsOf } from './demands.ts'
import { reportContext } from './report-context.ts'
import type { ReportInput } from './report-input.ts'
import { changesSection } from './section-changes.ts'
import { controlsSection } from './section-controls.ts'
import { coverageSection } from './section-coverage.ts'
import { demandsSection } from './section-demands.ts'
import { findingsSection } from './section-findings.ts'
import { headSection, summarySection } from './section-head.ts'
import { waiversSection } from './section-waivers.ts'

/** Markdown that ends with a newline; equal input, equal bytes on every machine. */
export function renderReport(input: ReportInput, language: Language): string {
  const context = reportContext(input, language)
  const coverage = coverageOf(input)
  const demands = demandsOf(input)
  const blocks = [
    ...headSection(context),
    ...summarySection(context, coverage, demands),
    ...changesSection(context, demands),
    ...demandsSection(context, demands),
    ...findingsSection(context, coverage),
    ...controlsSection(context),
    ...coverageSection(context, coverage),
    ...waiversSection(context),
    `## 7. ${context.words.method.title}`,
    context.words.method.notes.map((note) => `- ${note}`).join('\n'),
  ]
  return `${blocks.join('\n\n')}\n`
}
