// `tutela import`: one snapshot from a tool's own output. Reads a file, never the data that the tool read.
import { basename, resolve } from 'node:path'
import type { Digest } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Purpose, Snapshot } from '../domain/snapshot.ts'
import { measuredCard, strangeMeasured } from '../evaluate/strange-features.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { type Imported, importSource, LARGEST_SOURCE } from '../observe/importers/import-source.ts'
import { pickWindow } from '../observe/importers/pick-window.ts'
import { readSource } from '../observe/importers/read-source.ts'
import { type SnapshotMeasurements, snapshotMeasurements } from '../observe/importers/snapshot-measurements.ts'
import { TOOLS } from '../observe/importers/tools.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { writeOnce } from './import-again.ts'
import { importJson, importText, tellImport } from './import-text.ts'
import { toldBy, withAttributeTold } from './import-told.ts'
import { observeScreen } from './observe-words.ts'
import { openTree } from './open-repository.ts'
import { readWindow } from './window-option.ts'
import { WRITE_OPTIONS, type WrittenSnapshot } from './write-snapshot.ts'

const PURPOSES: readonly Purpose[] = ['monitoring', 'baseline', 'validation']
const MIB = 1024 * 1024

export const command: Command = {
  name: 'import',
  summary: "one snapshot from a tool's own output",
  description:
    "Reads a tool's result and appends its numbers as one snapshot. Each keeps the tool's definition, so it is never compared with another's. A metric that the catalogue lacks is kept where `metrics` of governance.yaml declares it; the lines to add are told. A file that is not understood is refused, and nothing is written.",
  examples: [
    'tutela import evidently report.json --model credit-default --version 3.2.0 --window 2026-11-21/2026-11-22',
    'tutela import nannyml cbpe.csv --model credit-default --version 3.2.0 --window 2026-11-01/2026-12-01 --out -',
  ],
  arguments: [
    { name: '<tool>', help: 'who wrote the file', choices: [...TOOLS.keys()] },
    { name: '<file>', help: 'JSON, CSV or Parquet, as the tool left it' },
  ],
  options: [
    { flags: '--model <id>', help: 'the model that was measured' },
    { flags: '--version <version>', help: 'the version that was measured' },
    { flags: '--window <start/end>', help: 'two days in UTC, or two instants; the end is not part of it' },
    { flags: '--environment <name>', help: "default: where the model's card says that the version is deployed" },
    { flags: '--purpose <purpose>', help: `${PURPOSES.join(', ')} (default: monitoring)` },
    {
      flags: '--attribute <name>',
      help: 'the protected attribute as the card calls it, where the file does not name it, or names it otherwise',
    },
    {
      flags: '--features <names>',
      help: 'names of numbered features in order, with commas between (alibi-detect, shap)',
    },
    { flags: '--metric <id>', help: 'what a query stands for (prometheus)' },
    { flags: '--query <text>', help: 'the query that was asked: part of the definition (prometheus)' },
    { flags: '--chunk <key>', help: 'which chunk, where the window does not tell (nannyml)' },
    { flags: '--run <id>', help: 'which run, where the file holds several (mlflow)' },
    { flags: '--supersedes <digest>', help: 'the digest of the line that this snapshot corrects' },
    { flags: '--largest <MiB>', help: `refuse a larger file (default: ${LARGEST_SOURCE / MIB})` },
    ...WRITE_OPTIONS,
  ],
  run: importResult,
}

async function importResult(invocation: Invocation): Promise<CommandResult> {
  const asked = readRequest(invocation)
  const tree = openTree(invocation)
  const { governance } = loadGovernance(tree, { metrics: metricsById })
  const card = cardOf(tree, asked)
  const imported = await readFile(invocation, asked, card)
  const { measurements, leftOut } = measurementsOf(imported, asked, governance)
  tellImport(invocation, imported, leftOut)
  if (measurements.length === 0) throw nothingToKeep(asked.file, leftOut)
  const snapshot: Snapshot = {
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model: asked.model,
    version: asked.version,
    environment: asked.environment ?? environmentOf(card, asked),
    purpose: asked.purpose,
    window: { start: asked.window.start, end: asked.window.end },
    ...rowsOf(measurements),
    source: { tool: imported.tool, version: imported.version ?? 'unknown', digest: imported.digest },
    measurements,
    ...(asked.supersedes === null ? {} : { supersedes: asked.supersedes }),
  }
  const versions = card?.versions?.map(({ version }) => version) ?? null
  const written = writeOnce(invocation, { snapshot, governance, versions })
  return {
    exit: written.kind === 'refused' ? 1 : 0,
    diagnostics: [...written.diagnostics, ...strangersOf(snapshot, card, written)],
    json: importJson({ imported, snapshot, leftOut, written }),
    text: () => importText({ imported, snapshot, leftOut, written }, observeScreen(invocation).words),
  }
}

/** A warning of its own, since a line that no rule reads is written all the same. */
function strangersOf(snapshot: Snapshot, card: ModelCard | null, { path, line, kind }: WrittenSnapshot): Diagnostic[] {
  if (card === null || kind !== 'written') return []
  const at = { file: path ?? `models/${card.id}/card.yaml`, line: line ?? 1, model: card.id }
  return strangeMeasured(measuredCard(card), snapshot.measurements, at)
}

interface Asked {
  readonly tool: string
  readonly file: string
  readonly model: string
  readonly version: string
  readonly window: ReturnType<typeof readWindow>
  readonly environment: string | null
  readonly purpose: Purpose
  readonly isOut: boolean
  readonly chunk: string | null
  readonly run: string | null
  readonly supersedes: Digest | null
  /** Bytes. */
  readonly largest: number
}

function readRequest(invocation: Invocation): Asked {
  const { args } = invocation
  const purpose = textOption(invocation, 'purpose') ?? 'monitoring'
  if (!isPurpose(purpose)) throw new Fault('cli/bad-option', `\`--purpose ${purpose}\` is none`, PURPOSES.join(', '))
  return {
    tool: args[0] ?? '',
    file: args[1] ?? '',
    model: required(invocation, 'model'),
    version: required(invocation, 'version'),
    window: readWindow(required(invocation, 'window')),
    environment: textOption(invocation, 'environment'),
    purpose,
    isOut: textOption(invocation, 'out') !== null,
    chunk: textOption(invocation, 'chunk'),
    run: textOption(invocation, 'run'),
    supersedes: digestOption(textOption(invocation, 'supersedes')),
    largest: largestOf(textOption(invocation, 'largest')),
  }
}

function isPurpose(text: string): text is Purpose {
  return (PURPOSES as readonly string[]).includes(text)
}

function textOption({ options }: Invocation, name: string): string | null {
  const value = options[name]
  return typeof value === 'string' ? value : null
}

function digestOption(text: string | null): Digest | null {
  if (text === null) return null
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text as Digest
  throw new Fault('cli/bad-option', `\`--supersedes ${text}\` is no digest`, 'such as `sha256:…`, 64 hex digits')
}

function required(invocation: Invocation, name: string): string {
  const value = textOption(invocation, name)
  if (value !== null && value !== '') return value
  throw new Fault('cli/bad-usage', `\`--${name}\` is missing`, 'see `tutela import --help`')
}

function largestOf(text: string | null): number {
  const mebibytes = text === null ? LARGEST_SOURCE / MIB : Number(text)
  if (Number.isFinite(mebibytes) && mebibytes > 0) return Math.floor(mebibytes * MIB)
  throw new Fault('cli/bad-option', `\`--largest ${text}\` is no number of MiB`, 'such as `--largest 200`')
}

/** Null only where the line goes to a file: then nobody loads it here. */
function cardOf(tree: SourceTree, { model, isOut }: Asked): ModelCard | null {
  const files = listModels(tree)
  const found = files.find(({ id }) => id === model)
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const card = found === undefined ? null : (loadCard(tree, found, rulebook).loaded?.card ?? null)
  if (card !== null || isOut) return card
  const ids = files.map(({ id }) => `\`${id}\``).join(', ')
  if (found !== undefined)
    throw new Fault('observe/bad-card', `the card of \`${model}\` cannot be read`, 'run `tutela check`')
  throw new Fault(
    'observe/unknown-model',
    `no model is called \`${model}\``,
    ids === '' ? 'there are no models here' : `there are ${ids}`,
  )
}

async function readFile(invocation: Invocation, asked: Asked, card: ModelCard | null): Promise<Imported> {
  const { world, globals } = invocation
  const bytes = world.files.read(resolve(globals.cwd, asked.file), asked.largest + 1)
  if (bytes === null)
    throw new Fault('observe/no-file', `there is no file \`${asked.file}\``, 'name the result that the tool wrote')
  const { readParquet } = world
  const source = { name: basename(asked.file), bytes }
  const read = readParquet === undefined ? source : await readSource(source, readParquet, asked.largest)
  const imported = importSource(asked.tool, read, {
    told: toldBy(invocation, asked.tool, card),
    largest: asked.largest,
  })
  const [kind, why = ''] = imported.outcome.split(/:(.*)/s)
  if (kind === 'ok') return withAttributeTold(invocation, imported, card)
  const told = imported.notes.length === 0 ? '' : ` (${imported.notes.slice(0, 5).join('; ')})`
  const message = imported.message ?? `the file is well formed and holds no measurement${told}`
  const code = kind === 'refused' ? why : kind === 'error' ? 'source-error' : 'no-measurements'
  const what = kind === 'error' ? `${asked.tool} says \`${why}\`: ${message}` : message
  throw new Fault(`observe/${code}`, `\`${asked.file}\`: ${what}`, imported.hint ?? 'nothing was written')
}

function measurementsOf(imported: Imported, asked: Asked, governance: Governance): SnapshotMeasurements {
  const { window, chunk, run, file } = asked
  const picked = pickWindow(imported.measurements, { start: window.from, end: window.to, chunk, run })
  if (picked.kind === 'unclear') throw new Fault('observe/window', `\`${file}\`: ${picked.message}`, picked.hint)
  return snapshotMeasurements(imported, picked.measurements, governance)
}

function nothingToKeep(file: string, leftOut: SnapshotMeasurements['leftOut']): Fault {
  const isUndeclared = leftOut.some(({ why }) => why === 'undeclared')
  const hint = isUndeclared
    ? 'declare the metrics that are told above in policies/governance.yaml'
    : 'nothing was written'
  return new Fault('observe/no-measurements', `\`${file}\` holds no measurement that a snapshot can keep`, hint)
}

/** Where the card says that the version is deployed, the champion's place first. */
function environmentOf(card: ModelCard | null, { version, model }: Asked): string {
  const deployments = card === null ? [] : deploymentsOf(card)
  const own = deployments.find((one) => one.version === version)
  const champion = deployments.find(({ role }) => role === undefined || role === 'champion')
  const environment = (own ?? champion)?.environment
  if (environment !== undefined) return environment
  throw new Fault(
    'cli/bad-usage',
    `no environment is known for \`${model}\` \`${version}\``,
    'name it with `--environment`',
  )
}

/** Where the tool counted the rows. */
function rowsOf(measurements: Snapshot['measurements']): Pick<Snapshot, 'rows'> {
  const rows = measurements.find(({ metric, feature }) => metric === 'data.rows' && feature === undefined)?.value
  return rows !== undefined && rows !== null && Number.isSafeInteger(rows) ? { rows: { current: rows } } : {}
}
