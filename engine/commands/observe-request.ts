// What `tutela observe` was asked: its options, read and held against each other. Paths are from where the user stands.
import { isAbsolute, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { Purpose } from '../domain/snapshot.ts'
import type { Invocation, OptionWord } from './command.ts'
import { readWindow } from './window-option.ts'
import { WRITE_OPTIONS } from './write-snapshot.ts'

const PURPOSES: readonly Purpose[] = ['monitoring', 'baseline', 'validation']
const ENGINES = ['duckdb', 'trino'] as const
/** Stands for a model's id in paths. */
const PLACE = '{model}'

export const OBSERVE_OPTIONS: readonly OptionWord[] = [
  { flags: '--model <id>', help: 'the model that is measured' },
  { flags: '--card <file>', help: 'a card outside models/' },
  { flags: '--all', help: `every model with new data; paths hold \`${PLACE}\`` },
  { flags: '--current <file...>', help: 'the data of the window: Parquet, CSV (also .gz) or NDJSON; globs; s3://' },
  { flags: '--reference <file...>', help: 'what drift is measured against' },
  { flags: '--labels <file...>', help: 'labels that came later, joined by the columns that both have' },
  { flags: '--attributions <file...>', help: 'SHAP values of the window: a column a feature' },
  { flags: '--reference-attributions <file...>', help: 'SHAP values that those are compared with' },
  { flags: '--prometheus <url>', help: 'a server that answers `sla.queries` of the card' },
  { flags: '--version <version>', help: 'default: the deployed one' },
  { flags: '--environment <name>', help: 'default: where it is deployed' },
  { flags: '--purpose <purpose>', help: `${PURPOSES.join(', ')} (default: monitoring)` },
  {
    flags: '--window <start/end>',
    help: "default: that of the card's timestamp column, from the earliest row to the latest",
  },
  { flags: '--engine <engine>', help: 'duckdb or trino (default: `sql.engine` of governance.yaml, else duckdb)' },
  { flags: '--exact', help: 'KS and Wasserstein exact above a million rows too' },
  {
    flags: '--variants',
    help: 'drift by the definitions of other tools too (those that rules name are measured anyway)',
  },
  ...WRITE_OPTIONS,
]

export interface ObserveRequest {
  readonly target: { readonly kind: 'model' | 'card'; readonly name: string } | { readonly kind: 'all' }
  readonly current: readonly string[]
  readonly reference: readonly string[]
  readonly labels: readonly string[]
  readonly attributions: readonly string[]
  readonly referenceAttributions: readonly string[]
  readonly prometheus: string | null
  readonly version: string | null
  readonly environment: string | null
  readonly purpose: Purpose
  readonly window: ReturnType<typeof readWindow> | null
  readonly engine: (typeof ENGINES)[number] | null
  readonly exact: boolean
  readonly variants: boolean
}

/** Faults `cli/bad-usage`, `cli/bad-option`. */
export function readObserveRequest(invocation: Invocation): ObserveRequest {
  const target = targetOf(invocation)
  const request: ObserveRequest = {
    target,
    current: listOption(invocation, 'current'),
    reference: listOption(invocation, 'reference'),
    labels: listOption(invocation, 'labels'),
    attributions: listOption(invocation, 'attributions'),
    referenceAttributions: listOption(invocation, 'referenceAttributions'),
    prometheus: textOption(invocation, 'prometheus'),
    version: textOption(invocation, 'version'),
    environment: textOption(invocation, 'environment'),
    purpose: choice(invocation, 'purpose', PURPOSES) ?? 'monitoring',
    window: windowOf(invocation),
    engine: choice(invocation, 'engine', ENGINES),
    exact: invocation.options.exact === true,
    variants: invocation.options.variants === true,
  }
  if (request.current.length === 0)
    throw new Fault(
      'cli/bad-usage',
      '`--current` is missing',
      'name the data, such as `--current data/2026-11.parquet`',
    )
  if (request.referenceAttributions.length > 0 && request.attributions.length === 0)
    throw new Fault(
      'cli/bad-usage',
      '`--reference-attributions` is given without `--attributions`',
      'name the SHAP values of the window too',
    )
  if (target.kind === 'all') requireForAll(invocation, request)
  return request
}

/** The files of one model; a table of a cluster keeps its name. */
export function filesFor(
  files: readonly string[],
  model: string,
  { cwd, isCluster }: { readonly cwd: string; readonly isCluster: boolean },
): readonly string[] {
  return files.map((file) => {
    const path = file.replaceAll(PLACE, model)
    const isElsewhere = isCluster || isAbsolute(path) || /^[a-z][a-z0-9+.-]+:\/\//i.test(path)
    return isElsewhere ? path : resolve(cwd, path)
  })
}

/** An option that takes one text; null where it was not given. */
export function textOption({ options }: Invocation, name: string): string | null {
  const value = options[name]
  return typeof value === 'string' ? value : null
}

function targetOf(invocation: Invocation): ObserveRequest['target'] {
  const model = textOption(invocation, 'model')
  const card = textOption(invocation, 'card')
  const given = [model !== null, card !== null, invocation.options.all === true].filter(Boolean).length
  if (given !== 1) {
    const what = given === 0 ? 'no model is named' : '`--model`, `--card` and `--all` contradict each other'
    throw new Fault('cli/bad-usage', what, 'give one of `--model ID`, `--card FILE` and `--all`')
  }
  if (model !== null) return { kind: 'model', name: model }
  return card === null ? { kind: 'all' } : { kind: 'card', name: card }
}

function requireForAll(invocation: Invocation, { current, version }: ObserveRequest): void {
  if (!current.some((file) => file.includes(PLACE)))
    throw new Fault(
      'cli/bad-usage',
      `with \`--all\`, \`--current\` holds \`${PLACE}\``,
      `such as \`--current 'data/${PLACE}/*.parquet'\``,
    )
  const alone = ['out', 'version'].find((name) => textOption(invocation, name) !== null)
  if (alone === undefined && version === null) return
  throw new Fault('cli/bad-option', `\`--all\` and \`--${alone}\` contradict each other`, 'leave one out')
}

function windowOf(invocation: Invocation): ObserveRequest['window'] {
  const text = textOption(invocation, 'window')
  return text === null ? null : readWindow(text)
}

function choice<T extends string>(invocation: Invocation, name: string, words: readonly T[]): T | null {
  const text = textOption(invocation, name)
  const known = words.find((word) => word === text)
  if (text === null || known !== undefined) return known ?? null
  throw new Fault('cli/bad-option', `\`--${name} ${text}\` is none`, words.join(', '))
}

/** Commander gives a list for a variadic option, a test may give a text. */
function listOption({ options }: Invocation, name: string): readonly string[] {
  const value = options[name]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? (value as readonly string[]) : []
}
