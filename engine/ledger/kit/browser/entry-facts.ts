// What a reader looks for in an entry (model, version, verdict, approver's role, …), taken from bytes that a stranger may have
// written: every field is asked for its type, and what is not there is null.
import { decodeEntry, type ReadEntry } from '../../read-entry.ts'

/** One line of the list. Texts are as recorded: whoever shows them makes them safe to show. */
export interface EntryFacts {
  readonly index: number
  /** `opaque`: no entry of Tutela, bytes alone. `sealed`: the body is encrypted. */
  readonly form: 'open' | 'sealed' | 'opaque'
  readonly kind: string
  /** When it happened: `body.at`, else the run's moment. */
  readonly at: string
  readonly run: string
  readonly model: string | null
  readonly version: string | null
  readonly environment: string | null
  readonly outcome: string | null
  readonly blocks: boolean
  readonly proposal: string | null
  /** Roles. */
  readonly by: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>

/** The facts of one entry. */
export function entryFacts(index: number, bytes: Uint8Array): EntryFacts {
  const entry = decodeEntry(bytes)
  return entry === null ? { ...NO_FACTS, index } : factsOf(index, entry)
}

const NO_FACTS: Omit<EntryFacts, 'index'> = {
  form: 'opaque',
  kind: '',
  at: '',
  run: '',
  model: null,
  version: null,
  environment: null,
  outcome: null,
  blocks: false,
  proposal: null,
  by: [],
}

function factsOf(index: number, { kind, at, run, body, age }: ReadEntry): EntryFacts {
  const base = { ...NO_FACTS, index, kind, at, run, form: age === undefined ? ('open' as const) : ('sealed' as const) }
  if (body === undefined) return base
  const verdict = fieldsOf(body.verdict)
  const of = (name: string): string | null => textOf(verdict[name]) ?? textOf(body[name])
  return {
    ...base,
    at: textOf(body.at) ?? at,
    model: of('model'),
    version: of('version'),
    environment: of('environment'),
    outcome: of('outcome'),
    blocks: verdict.blocks === true,
    proposal: textOf(body.proposal),
    by: listOf(body.by),
  }
}

/** The members of a value that is an object; none of any other. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

/** A text; null for everything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** One text, or the texts of a list. */
export function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string')
}

/** The kinds that decide about a model, or say who agreed; the others tell what was done and told. */
export const DECISIONS: ReadonlySet<string> = new Set([
  'evaluation',
  'candidate-judged',
  'promoted',
  'rolled-back',
  'proposal-opened',
  'proposal-updated',
  'proposal-approved',
  'proposal-merged',
  'proposal-closed',
  'waiver-granted',
  'waiver-expired',
  'policy-changed',
])
