// What a file leaves out, as `tutela import` is told it: by options, else by the card where it leaves no choice. An option that
// the tool's files have no use for is a fault, since whoever gave it expects something of it.
import { Fault } from '../base/fault.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { Imported } from '../observe/importers/import-source.ts'
import type { Told } from '../observe/importers/imported.ts'
import { withToldAttribute } from '../observe/importers/told-attribute.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { Invocation } from './command.ts'

/** Whose files leave out what the option says. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  features: ['alibi-detect', 'shap'],
  metric: ['prometheus'],
  query: ['prometheus'],
}

/** Faults for an option that is not of `tool`'s files, or of no metric. */
export function toldBy(invocation: Invocation, tool: string, card: ModelCard | null): Told {
  for (const [name, tools] of Object.entries(READ_BY)) {
    if (invocation.options[name] === undefined || tools.includes(tool)) continue
    const listed = tools.map((one) => `\`${one}\``).join(' and ')
    throw new Fault('cli/bad-option', `\`--${name}\` means nothing of a file of \`${tool}\``, `it is for ${listed}`)
  }
  const attributes = card?.data?.protected ?? []
  const attribute = textOf(invocation, 'attribute') ?? (attributes.length === 1 ? attributes[0]?.name : undefined)
  const [metric, query, features] = ['metric', 'query', 'features'].map((name) => textOf(invocation, name))
  const label = card?.data?.label
  if (metric !== undefined && !metricsById.has(metric)) {
    throw new Fault('cli/bad-option', `\`--metric ${metric}\` is none of the catalogue`, 'such as `sla.latency_p95_ms`')
  }
  return {
    ...(attribute === undefined ? {} : { attribute }),
    ...(label === undefined ? {} : { label }),
    ...(metric === undefined ? {} : { metric }),
    ...(query === undefined ? {} : { query }),
    ...(features === undefined ? {} : { features: features.split(',') }),
  }
}

/** The attribute by the name that `--attribute` gives it; a note where the file has another. */
export function withAttributeTold(invocation: Invocation, imported: Imported, card: ModelCard | null): Imported {
  const told = textOf(invocation, 'attribute')
  if (told === undefined) return imported
  const inCard = (card?.data?.protected ?? []).map(({ name }) => name)
  const named = withToldAttribute(imported.measurements, told, inCard)
  if (named.kind === 'unclear')
    throw new Fault('observe/attribute', `\`${invocation.args[1] ?? ''}\`: ${named.message}`, named.hint)
  if (named.instead !== null) invocation.note(`note: \`${named.instead}\` of the file is \`${told}\` here`)
  return { ...imported, measurements: named.measurements }
}

function textOf({ options }: Invocation, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
