// Draws docs/flow.svg: one run from load to deliver, with what stands in the bundled policies/, models/, ledger/ and
// reports/. `node test/docs/make-flow.ts` writes it; flow.test.ts holds it to the files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFolderTree } from '../../engine/adapters/git/open-store.ts'
import { checkRepository } from '../../engine/commands/check-repository.ts'
import type { RecordedRun } from '../../engine/domain/recorded-run.ts'
import { readPolicy } from '../../engine/ledger/log-policy.ts'
import { readLogFile, readLogFolder } from '../../engine/ledger/read-folder.ts'
import { verifyLog } from '../../engine/ledger/verify-log.ts'
import { planRepository } from '../../engine/pipeline.ts'

const ROOT = join(import.meta.dirname, '../..')
export const FLOW = join(ROOT, 'docs/flow.svg')
const WIDTH = 1000
/** Characters that a card holds in the widest of the fonts asked for. */
const WIDEST = 24
const CARD = { width: 184, gap: 20, top: 8, height: 196 }

interface Stage {
  readonly title: string
  readonly lines: readonly string[]
  readonly foot: string
}

export function drawFlow(): string {
  const runs = recordedRuns()
  const last = runs.at(-1)
  if (last === undefined) throw new Error('no run is recorded under reports/')
  const stages = [...judged(last), recorded(runs), delivered(runs)]
  const height = CARD.top + CARD.height + 118
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12.5" fill="#1f2328">`,
    '<title>One run of Tutela, with the numbers of the bundled example</title>',
    ...stages.map(drawStage),
    ...drawExample(last, CARD.top + CARD.height + 16),
    '</svg>',
    '',
  ].join('\n')
}

/** By day; each from its run.json. */
function recordedRuns(): RecordedRun[] {
  const days = readdirSync(join(ROOT, 'reports')).filter((name) => /^\d{4}-/.test(name))
  return days.sort().flatMap((day) =>
    readdirSync(join(ROOT, 'reports', day))
      .sort()
      .map((run) => JSON.parse(readFileSync(join(ROOT, 'reports', day, run, 'run.json'), 'utf8')) as RecordedRun),
  )
}

function judged(last: RecordedRun): Stage[] {
  const { counts } = checkRepository(openFolderTree(ROOT), { now: Date.parse(last.now) })
  const { plan } = judgeAgain(last)
  const sum = { fail: 0, error: 0, warn: 0, skip: 0, pass: 0 }
  for (const verdict of plan.verdicts) {
    for (const outcome of Object.keys(sum) as (keyof typeof sum)[]) sum[outcome] += verdict.counts[outcome]
  }
  const all = Object.values(sum).reduce((a, b) => a + b)
  const blocked = plan.verdicts.filter(({ blocks }) => blocks).length
  return [
    {
      title: 'load',
      lines: [
        `${counts.models} model cards`,
        `${counts.policies} policies, ${counts.rules} rules`,
        `${counts.snapshots} snapshots`,
        `${counts.waivers} waiver`,
      ],
      foot: 'policies/  models/',
    },
    {
      title: 'evaluate',
      lines: [
        `${all} checks on ${last.now.slice(0, 10)}`,
        `✗ ${sum.fail} fail, ${sum.error} error`,
        `! ${sum.warn} warn   ✓ ${sum.pass} pass`,
        `${blocked} of ${plan.verdicts.length} models blocked`,
      ],
      foot: 'no data is never a pass',
    },
    {
      title: 'plan',
      lines: last.actions
        .slice(0, 4)
        .map(({ kind, remedy, model = '' }) =>
          remedy === undefined ? `${kind.replace('-', ' ')} ${model}`.trim() : `proposal: ${remedy} ${model}`,
        ),
      foot: '`tutela plan` stops here',
    },
  ]
}

function judgeAgain(last: RecordedRun) {
  const base = openFolderTree(ROOT)
  const planned = planRepository({
    base,
    record: base,
    now: Date.parse(last.now),
    language: 'en',
    keep: 'not-pass',
    proposals: [],
    sent: new Set(),
  })
  if (planned.plan.digest !== last.digest)
    throw new Error('reports/ are not of these policies and models: npm run example')
  return planned
}

function recorded(runs: readonly RecordedRun[]): Stage {
  const folder = join(ROOT, 'ledger')
  const { ok, size, root } = verifyLog(readLogFolder(folder), readPolicy(readLogFile(join(folder, 'policy'))), {})
  if (!ok) throw new Error('ledger/ is not proven')
  return {
    title: 'record',
    lines: [
      `${runs.length} runs, a commit each`,
      `${size} signed entries`,
      `root ${(root ?? '').slice(0, 12)}…`,
      `${runs.length} reports, pt and en`,
    ],
    foot: 'ledger/  reports/',
  }
}

function delivered(runs: readonly RecordedRun[]): Stage {
  const actions = runs.flatMap((run) => run.actions)
  const count = (kind: string) => actions.filter((action) => action.kind === kind).length
  return {
    title: 'deliver',
    lines: [
      `${count('open-proposal')} proposals opened`,
      `${count('update-proposal')} updates of them`,
      `${count('notify')} notices sent`,
      'owners approve, merge',
    ],
    foot: 'each exactly once',
  }
}

function drawStage({ title, lines, foot }: Stage, i: number): string {
  const wide = lines.find((line) => line.length > WIDEST)
  if (wide !== undefined) throw new Error(`too wide for its card: ${wide}`)
  const x = i * (CARD.width + CARD.gap)
  const y = CARD.top
  const arrow = `<path d="M${x - CARD.gap + 3} ${y + 30}h10m-5 -5l5 5l-5 5" fill="none" stroke="#8b949e" stroke-width="2"/>`
  return [
    `<rect x="${x}" y="${y}" width="${CARD.width}" height="${CARD.height}" rx="8" fill="#f6f8fa" stroke="#8b949e"/>`,
    `<path d="M${x} ${y + 52}v-44a8 8 0 0 1 8 -8h${CARD.width - 16}a8 8 0 0 1 8 8v44z" fill="#0b4f6c"/>`,
    text(x + 14, y + 33, title, 'font-size="18" font-weight="bold" fill="#ffffff"'),
    ...lines.map((line, row) => text(x + 14, y + 78 + row * 23, line)),
    text(x + 14, y + CARD.height - 14, foot.replaceAll('`', ''), 'font-size="12" fill="#57606a"'),
    ...(i === 0 ? [] : [arrow]),
  ].join('\n')
}

/** The worst finding of the last run that has a value, as `plan` prints it. */
function drawExample(last: RecordedRun, y: number): string[] {
  const finding = judgeAgain(last).plan.findings.find((f) => f.outcome === 'fail' && f.value !== undefined)
  if (finding === undefined) throw new Error('the last run has no failing finding with a value')
  const { model, version, policy, rule, value = 0, limit, margin = 0, n, window } = finding
  const bounds = Array.isArray(limit) ? `${limit[0]} to ${limit[1]}` : String(limit)
  const when = window === null ? '' : `, ${window.start.slice(0, 10)} to ${window.end.slice(0, 10)}`
  const numbers = `value ${value}, allowed ${bounds}, margin ${margin.toFixed(2)}${n === undefined ? '' : `, n ${n}`}${when}`
  return [
    `<rect x="0" y="${y}" width="${WIDTH}" height="94" rx="8" fill="#fff8f7" stroke="#b3261e"/>`,
    text(
      14,
      y + 26,
      `✗ ${model} ${version ?? ''}   ${policy}/${rule}   ${finding.enforcement}`,
      'font-weight="bold" fill="#8c1d18"',
    ),
    text(14, y + 52, numbers),
    text(14, y + 78, `${finding.file}:${finding.line}:${finding.column}   “${finding.message}”`, 'fill="#57606a"'),
  ]
}

function text(x: number, y: number, words: string, style = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<text x="${x}" y="${y}"${style === '' ? '' : ` ${style}`} xml:space="preserve">${escaped}</text>`
}

if (process.argv[1] === import.meta.filename) writeFileSync(FLOW, drawFlow())
