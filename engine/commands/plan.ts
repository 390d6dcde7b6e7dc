// `tutela plan`: verdicts, and every action that `run` would take. Writes nothing.
import { Fault } from '../base/fault.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { compareText } from '../base/order.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import type { PlannedRepository } from '../pipeline.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { noteGone } from './note-gone.ts'
import { planFrame, planPieces } from './plan-json.ts'
import { keptPlan, openPlanMemory, openRemembering, recallPlan } from './plan-memory.ts'

const NOT_PASS = OUTCOMES.filter((outcome) => outcome !== 'pass')

export const command: Command = {
  name: 'plan',
  summary: 'print verdicts and every action that `run` would take; write nothing',
  description:
    'Judges every deployed model by its newest measurements and says what `run` would record, open, trigger and send. Writes nothing. Exits 2 where a mandatory policy blocks a model, 3 where a file is invalid (what is not touched by it is judged all the same).',
  examples: ['tutela plan', 'tutela plan --model compas --findings fail,warn --format json --now 2015-01-02T12:00:00Z'],
  options: [
    { flags: '--model <id>', help: 'show this model alone (the digest stays that of all)' },
    { flags: '--environment <name>', help: 'show this environment alone' },
    {
      flags: '--findings <outcomes>',
      help: 'all, or a list such as fail,error,warn (default: all but pass; text shows the worst 12 of those)',
    },
  ],
  saysHowMuch: true,
  run: plan,
}

async function plan(invocation: Invocation): Promise<CommandResult> {
  const { globals, options } = invocation
  const outcomes = readOutcomes(options.findings)
  const shown = { outcomes, model: readText(options.model), environment: readText(options.environment) }
  const isWhole = shown.model === null && shown.environment === null && NOT_PASS.every((one) => outcomes.has(one))
  const keep = outcomes.has('pass') ? 'all' : 'not-pass'
  const opened = await openRemembering(invocation)
  noteGone(invocation, { ...opened, governance: opened.settings })
  const memory = openPlanMemory(invocation, opened, keep)
  const isPrintedWhole = isWhole && globals.format === 'json'
  const recalled = memory !== null && isPrintedWhole ? recallPlan(memory, invocation, opened) : null
  if (recalled !== null) return recalled

  // What judges and what writes for people is loaded only where something is to be judged or read.
  const { filterPlan, isStopped, planRepository, reportInputOf } = await import('../pipeline.ts')
  const planned = planRepository({
    ...opened,
    now: globals.now,
    language: globals.lang,
    keep,
    ...governanceOverride(invocation),
    memory: memory?.models ?? null,
    ...(invocation.expect && { expect: invocation.expect }),
    ...(invocation.world.openScratch && { scratch: invocation.world.openScratch }),
  })
  const { exit, diagnostics, judgements } = planned
  if (isPrintedWhole) {
    const { plan: made, news } = planned
    // Where nothing is kept the text is made as it is printed, and never held as a whole.
    const frame = memory === null ? null : planFrame(made, news)
    const key = memory?.key ?? null
    memory?.models.save(frame === null || key === null ? undefined : keptPlan(key, planned, frame, opened))
    return { exit, diagnostics, json: { pieces: planPieces(made, judgements, { news, frame }) }, text: () => '' }
  }
  memory?.models.save()
  // Where the evaluation stopped, there are no models to compare the names with.
  if (!isStopped(planned)) requireKnown(shown, planned)
  const filtered = filterPlan(planned.plan, shown)
  const [{ planText }, { terminal }, { sourceOf }] = await Promise.all([
    import('./plan-text.ts'),
    import('./terminal-text.ts'),
    import('./diagnostic-source.ts'),
  ])
  const input = { ...reportInputOf(planned, opened.proposals, globals.now), plan: filtered }
  const on = terminal(planned.language, globals.colour)
  // Who asks for certain findings wants them all, not the worst.
  const isChosen = options.findings !== undefined
  return {
    exit,
    diagnostics,
    source: sourceOf(opened.base, governanceOverride(invocation).governance),
    json: filtered,
    text: () =>
      planText(input, {
        on,
        verb: 'plan',
        again: globals.again,
        ...(isChosen ? { most: Number.POSITIVE_INFINITY } : {}),
      }),
  }
}

/** Faults `cli/unknown-model` and `cli/unknown-environment`: nothing shown must not look like nothing wrong. */
function requireKnown(
  { model, environment }: { readonly model: string | null; readonly environment: string | null },
  { models, plan: { verdicts }, rulebook }: PlannedRepository,
): void {
  if (model !== null && !models.some(({ id }) => id === model)) {
    const near = nearestWord(
      model,
      models.map(({ id }) => id),
    )
    const hint = near === undefined ? '`tutela inventory` lists them' : `did you mean \`${near}\`?`
    throw new Fault('cli/unknown-model', `no model is called \`${model}\``, hint)
  }
  const environments = new Set([...verdicts.map((verdict) => verdict.environment), ...rulebook.enforcement.keys()])
  if (environment === null || environments.has(environment)) return
  const near = nearestWord(environment, environments)
  throw new Fault(
    'cli/unknown-environment',
    `no model is deployed in \`${environment}\`, and no file under policies/enforcement/ is of it`,
    near === undefined ? knownEnvironments([...environments].sort(compareText)) : `did you mean \`${near}\`?`,
  )
}

function knownEnvironments(names: readonly string[]): string {
  return names.length === 0 ? 'a card says where its model runs in `deployment`' : `there are: ${names.join(', ')}`
}

function readOutcomes(value: unknown): Set<string> {
  if (typeof value !== 'string') return new Set(NOT_PASS)
  if (value === 'all') return new Set(OUTCOMES)
  const words = value.split(',').map((word) => word.trim())
  const unknown = words.find((word) => !(OUTCOMES as readonly string[]).includes(word))
  if (unknown === undefined) return new Set(words)
  throw new Fault(
    'cli/bad-option',
    `\`--findings ${value}\`: \`${unknown}\` is no outcome`,
    `all, or some of ${OUTCOMES.join(',')}`,
  )
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
