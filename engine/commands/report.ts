// `tutela report`: what a recorded run reported, as it was recorded. Judges nothing and makes nothing new.
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { formatMoment } from '../domain/figures.ts'
import type { Language } from '../domain/governance.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { PreviousRun } from '../domain/recorded-run.ts'
import { runCommits } from '../record/recorded-runs.ts'
import { readLatestRun, readRecordedRun, recordedFolders } from '../report/read-recorded.ts'
import { runJsonText } from '../report/run-json.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { openTrees } from './open-for-plan.ts'

const FORMATS = ['md', 'json']

export const command: Command = {
  name: 'report',
  summary: 'print or write the report of a recorded run',
  description:
    'The report that `run` recorded under reports/: Markdown in each language of governance.yaml, or JSON with all findings of that run. `--out` writes the file into a folder instead of printing it.',
  examples: [
    'tutela report run',
    'tutela report run --lang en --out /tmp/reports',
    'tutela report run --as json --format json',
  ],
  arguments: [{ name: '[what]', help: 'run (the default)', choices: ['run'] }],
  options: [
    { flags: '--as <format>', help: `${FORMATS.join(' or ')} (default: md)` },
    { flags: '--run <id>', help: 'a run by its id or the start of it (default: the newest)' },
    { flags: '--out <dir>', help: 'write the report into this folder' },
  ],
  run: report,
}

/** One file of a report. */
interface Rendered {
  readonly name: string
  readonly text: string
  readonly json: unknown
}

async function report(invocation: Invocation): Promise<CommandResult> {
  const { globals, options, world } = invocation
  const format = textOf(options.as) ?? 'md'
  if (!FORMATS.includes(format))
    throw new Fault('cli/bad-option', `\`--as ${format}\` is no format of a report`, FORMATS.join(' or '))
  const { base, record, store, settings: governance } = openTrees(invocation)
  const tree = record?.has('reports/latest.json') === true ? record : base
  const wanted = textOf(options.run)
  const recorded = findRun(tree, wanted)
  // Of a run that is asked for by name, nobody asks what came after.
  const later = wanted === null && store !== null ? laterRuns(store, tree, recorded.run) : []
  const language = globals.lang ?? governance.institution.languages[0] ?? 'pt'
  const rendered = format === 'json' ? asJson(recorded) : asMarkdown(tree, recorded, language)
  const out = textOf(options.out)
  const more = { later: later.map(({ run, now, commit }) => ({ run, now: formatInstant(now), commit })) }
  if (out === null) {
    const since = sinceText(later, governance.institution.timeZone, language)
    const json = format === 'json' || later.length === 0 ? rendered.json : { ...(rendered.json as object), ...more }
    return { exit: 0, json, text: () => (format === 'json' ? '' : since) + rendered.text.replace(/\n$/, '') }
  }
  const file = join(resolve(globals.cwd, out), rendered.name)
  world.files.write(file, rendered.text)
  return { exit: 0, json: { ...head(recorded), files: [file], ...(later.length > 0 && more) }, text: () => file }
}

/** A run that is recorded in the log, and found nothing to report. */
interface LaterRun {
  readonly run: string
  readonly now: Instant
  readonly commit: string
}

/** Those recorded after the newest report, newest first, among the last commits of that branch. */
function laterRuns(store: GitStore, tree: SourceTree, reported: string): LaterRun[] {
  const commits = runCommits(store, tree.commit)
  const at = commits.findIndex(({ run }) => run === reported)
  return commits.slice(0, Math.max(at, 0)).map(({ run, info }) => {
    return { run, now: info.committer.at * 1000, commit: info.id }
  })
}

/** Before the report: which run is the newest, and that it found everything as the report has it. */
function sinceText(later: readonly LaterRun[], timeZone: string, language: Language): string {
  const [newest] = later
  if (newest === undefined) return ''
  const at = formatMoment(newest.now, timeZone, language)
  return `> ${SINCE[language](`\`${newest.run}\``, `${at} (\`${timeZone}\`)`, later.length)}\n\n`
}

const SINCE: Readonly<Record<Language, (run: string, at: string, count: number) => string>> = {
  pt: (run, at, count) =>
    `Execução mais recente: ${run}, de ${at}. Vereditos, exigências e ações são os deste relatório: nada mudou desde então (execuções registradas depois dele, sem relatório: ${count}).`,
  en: (run, at, count) =>
    `Newest run: ${run}, of ${at}. Verdicts, demands and actions are those of this report: nothing has changed since (runs recorded after it, without a report: ${count}).`,
}

/** The newest, or the one whose id begins so; faults where there is none, or more than one. */
function findRun(tree: SourceTree, id: string | null): PreviousRun {
  if (id === null) {
    const latest = readLatestRun(tree)
    if (latest !== null) return latest
    throw new Fault('report/no-run', `${tree.label} holds no recorded run`, 'record one with `tutela run`')
  }
  const folders = recordedFolders(tree.list(['reports']).map((file) => file.path))
  const found = folders.filter((folder) => folder.slice(folder.lastIndexOf('/') + 1).startsWith(id))
  const [only] = found
  if (only !== undefined && found.length === 1) return readRecordedRun(tree, only)
  const hint = found.length === 0 ? 'a run that changed nothing has no report of its own' : found.join(', ')
  throw new Fault(
    'report/no-run',
    `${found.length === 0 ? 'no' : 'more than one'} recorded run begins with \`${id}\``,
    hint,
  )
}

function asMarkdown(tree: SourceTree, recorded: PreviousRun, language: Language): Rendered {
  const name = `report.${language}.md`
  const path = `${recorded.path}/${name}`
  if (!tree.has(path))
    throw new Fault(
      'report/no-language',
      `run \`${recorded.run}\` has no report in \`${language}\``,
      'reports are written in the languages of `institution.languages`; try another `--lang`',
    )
  const text = new TextDecoder().decode(tree.read(path))
  return { name, text, json: { ...head(recorded), language, markdown: text } }
}

/** The Plan made whole: findings that run.json leaves to earlier runs are in it. */
function asJson({ plan, demands, notices, former }: PreviousRun): Rendered {
  const whole = { ...plan, demands, notices, former }
  return { name: 'run.json', text: runJsonText(whole), json: whole }
}

function head({ run, path }: PreviousRun) {
  return { apiVersion: 'tutela/v1', kind: 'Report', run, path }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
