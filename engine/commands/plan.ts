// `tutela plan`: verdicts, and every action that `run` would take. Writes nothing.
import { Fault } from '../base/fault.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { planFrame, planPieces } from './plan-json.ts'
import { keptPlan, openPlanMemory, openRemembering, recallPlan } from './plan-memory.ts'

const NOT_PASS = OUTCOMES.filter((outcome) => outcome !== 'pass')

export const command: Command = {
  name: 'plan',
  summary: 'print verdicts and every action that `run` would take; write nothing',
  examples: ['tutela plan', 'tutela plan --model compas --findings fail,warn --format json --now 2014-05-02T06:00:00Z'],
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
  const memory = openPlanMemory(invocation, opened, keep)
  const isPrintedWhole = isWhole && globals.format === 'json'
  const recalled = memory !== null && isPrintedWhole ? recallPlan(memory, invocation, opened) : null
  if (recalled !== null) return recalled

  // What judges and what writes for people is loaded only where something is to be judged or read.
  const { filterPlan, planRepository, reportInputOf } = await import('../pipeline.ts')
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
  if (shown.model !== null && !planned.models.some(({ id }) => id === shown.model)) {
    throw new Fault('cli/unknown-model', `no model is called \`${shown.model}\``, '`tutela inventory` lists them')
  }
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
    text: () => planText(input, { on, verb: 'plan', ...(isChosen ? { most: Number.POSITIVE_INFINITY } : {}) }),
  }
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
