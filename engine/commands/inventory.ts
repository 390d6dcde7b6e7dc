// `tutela inventory`: which models there are, who answers for them, what is deployed, when each is reviewed next, and
// which findings were open, today or on any earlier day.
import { alignRows } from '../base/text-columns.ts'
import { hasErrors } from '../domain/diagnostic.ts'
import { formatDay, formatNumber } from '../domain/figures.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import { formatInstant, localDay } from '../domain/instant.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import { judgeRepository } from '../judge-repository.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import { asOfDay } from './as-of.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { type InventoryRow, inventoryRow } from './inventory-rows.ts'
import { openTrees } from './open-for-plan.ts'
import { outcomeMark, painted, shown, type Terminal, terminal } from './terminal-text.ts'

export const command: Command = {
  name: 'inventory',
  summary: 'list models with tier, owners, versions, next review and open findings',
  description:
    'Judges the repository and lists every model, retired ones too. With --as-of, the commits and the clock of that day are taken, so that the list is what anybody would have seen then.',
  examples: [
    'tutela inventory --now 2015-01-02T06:00:00Z',
    'tutela inventory --as-of 2014-05-02 --ref HEAD --format json',
  ],
  options: [
    { flags: '--as-of <day>', help: 'as it stood at the end of this day (yyyy-mm-dd, in the institution’s time zone)' },
  ],
  run: inventory,
}

async function inventory(invocation: Invocation): Promise<CommandResult> {
  const { globals, options } = invocation
  const opened = openTrees(invocation)
  const asOf = options.asOf
  const { base, record, now } =
    typeof asOf === 'string' ? asOfDay(asOf, opened, globals) : { ...opened, now: globals.now }
  const isOne = record === null || record === base
  const judged = judgeRepository({
    tree: isOne ? base : withRecordedSnapshots(base, record),
    now,
    language: globals.lang,
    keep: 'not-pass',
    ...(typeof asOf === 'string' && { windowsAfterNow: 'leave-out' as const }),
  })
  const { institution } = judged.rulebook.governance
  const today = localDay(now, institution.timeZone)
  const models = judged.models.map((model) => inventoryRow(model, today))
  const { commit, dirty } = base
  return {
    exit: hasErrors(judged.diagnostics) ? 3 : 0,
    diagnostics: judged.diagnostics,
    source: sourceOf(base),
    json: {
      apiVersion: 'tutela/v1',
      kind: 'Inventory',
      institution: institution.name,
      asOf: today,
      now: formatInstant(now),
      commit,
      dirty,
      models,
      diagnostics: judged.diagnostics,
    },
    text: () => inventoryText(models, { name: institution.name, today }, terminal(judged.language, globals.colour)),
  }
}

/** An aligned table; without a final newline. */
export function inventoryText(
  models: readonly InventoryRow[],
  of: { readonly name: string; readonly today: string },
  on: Terminal,
): string {
  const { words, language } = on
  const title = words.inventory(
    shown(of.name),
    formatDay(of.today, language),
    formatNumber(models.length, { language }),
  )
  if (models.length === 0) return `${painted(title, 'bold', on)}\n\n${words.noModels}`
  const header = [
    words.model,
    words.tier,
    words.stage,
    words.deployed,
    words.owners,
    words.validator,
    words.review,
    words.open,
  ]
  const [head = '', ...rows] = alignRows([header, ...models.map((model) => row(model, on))])
  const marked = models.map((model, i) => `${outcomeMark(worstOutcome(model), on)} ${rows[i] ?? ''}`)
  return [painted(title, 'bold', on), '', `  ${head}`, ...marked].join('\n')
}

function row(model: InventoryRow, on: Terminal): string[] {
  const { language, words } = on
  const vocabulary = vocabularyOf(language)
  const { risk, stage, review } = model
  return [
    shown(model.id, 40),
    risk === undefined ? vocabulary.cause.invalid : vocabulary.tier[risk.tier],
    stage === undefined ? '—' : vocabulary.stage[stage],
    deployedText(model, on),
    (model.owners ?? []).map((owner) => shown(owner, 40)).join(', ') || '—',
    shown(model.validator ?? '—', 40),
    review === undefined ? '—' : formatDay(review.next, language) + (review.overdue ? ` (${words.overdueReview})` : ''),
    openText(model, on),
  ]
}

function deployedText({ deployments }: InventoryRow, { words }: Terminal): string {
  const texts = deployments.map(({ environment, version, role, hold }) => {
    const notes = [role === undefined || role === 'champion' ? '' : role, hold === true ? words.held : ''].filter(
      (note) => note !== '',
    )
    return shown(`${environment} ${version}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`, 60)
  })
  return texts.join(', ') || words.none
}

function openText({ open, verdicts }: InventoryRow, { language, words }: Terminal): string {
  const vocabulary = vocabularyOf(language)
  if (verdicts.some((verdict) => verdict.cause === 'invalid')) return vocabulary.cause.invalid
  const parts = OUTCOMES.flatMap((outcome) =>
    outcome === 'pass' || open[outcome] === 0
      ? []
      : [`${vocabulary.outcomes[outcome]} ${formatNumber(open[outcome], { language })}`],
  )
  if (open.waived > 0) parts.push(`${words.waivedCount} ${formatNumber(open.waived, { language })}`)
  return parts.join(', ') || words.none
}

function worstOutcome({ verdicts }: InventoryRow): (typeof OUTCOMES)[number] {
  return OUTCOMES.find((outcome) => verdicts.some((verdict) => verdict.outcome === outcome)) ?? 'skip'
}
