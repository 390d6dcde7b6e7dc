// `tutela plan`: verdicts, and every action that `run` would take. Writes nothing.
import { Fault } from '../base/fault.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import { filterPlan, planRepository, reportInputOf } from '../pipeline.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { openForPlan } from './open-for-plan.ts'
import { planPieces } from './plan-json.ts'
import { planText } from './plan-text.ts'
import { terminal } from './terminal-text.ts'

const NOT_PASS = OUTCOMES.filter((outcome) => outcome !== 'pass')

export const command: Command = {
  name: 'plan',
  summary: 'print verdicts and every action that `run` would take; write nothing',
  examples: ['tutela plan', 'tutela plan --model compas --findings fail,warn --format json --now 2014-05-02T06:00:00Z'],
  options: [
    { flags: '--model <id>', help: 'show this model alone (the digest stays that of all)' },
    { flags: '--environment <name>', help: 'show this environment alone' },
    { flags: '--findings <outcomes>', help: 'all, or a list such as fail,error,warn (default: all but pass)' },
  ],
  run: plan,
}

async function plan(invocation: Invocation): Promise<CommandResult> {
  const { globals, options } = invocation
  const outcomes = readOutcomes(options.findings)
  const opened = await openForPlan(invocation)
  const cache = opened.store === null ? null : (invocation.world.caches?.open(opened.store.gitDir) ?? null)
  const planned = planRepository({
    ...opened,
    now: globals.now,
    language: globals.lang,
    keep: outcomes.has('pass') ? 'all' : 'not-pass',
    ...governanceOverride(invocation),
    cache,
  })
  const model = readText(options.model)
  if (model !== null && !planned.models.some(({ id }) => id === model)) {
    throw new Fault('cli/unknown-model', `no model is called \`${model}\``, '`tutela inventory` lists them')
  }
  const environment = readText(options.environment)
  const isWhole = model === null && environment === null && NOT_PASS.every((outcome) => outcomes.has(outcome))
  const shown = isWhole ? planned.plan : filterPlan(planned.plan, { outcomes, model, environment })
  return {
    exit: planned.exit,
    diagnostics: planned.diagnostics,
    json: isWhole ? { pieces: planPieces(shown, planned.judgements) } : shown,
    text: () =>
      planText(
        { ...reportInputOf(planned, opened.proposals, globals.now), plan: shown },
        { on: terminal(planned.language, globals.colour), verb: 'plan' },
      ),
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
