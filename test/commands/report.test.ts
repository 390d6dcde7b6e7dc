import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command } from '../../engine/commands/report.ts'
import type { Plan } from '../../engine/domain/plan.ts'
import { runFolder } from '../../engine/domain/recorded-run.ts'
import { readLatestRun } from '../../engine/report/read-recorded.ts'
import { runJson, runJsonText } from '../../engine/report/run-json.ts'
import { memoryTree } from '../memory-tree.ts'
import { finding, plan } from '../report/sample-run.ts'
import { ask, FILES } from './reading-world.ts'

const one = plan([finding()], { now: '2026-11-21T06:00:00Z', run: 'aa11'.padEnd(16, '0') })
const two = plan([finding()], { now: '2026-11-22T06:00:00Z', run: 'aa22'.padEnd(16, '0') })

function recorded(plans: readonly Plan[]): Record<string, string> {
  const files: Record<string, string> = { ...FILES }
  for (const each of plans) {
    const folder = runFolder(Date.parse(each.now), each.run)
    files[`${folder}/run.json`] = runJsonText(
      runJson(each, readLatestRun(memoryTree(files)), { demands: [], notices: [] }),
    )
    files[`${folder}/report.pt.md`] = `# relatório ${each.run}\n`
    files[`${folder}/report.en.md`] = `# report ${each.run}\n`
    files['reports/latest.json'] = JSON.stringify({ run: each.run, path: folder })
  }
  return files
}

const files = recorded([one, two])

test('the newest report is printed as it was recorded, in the first language or the one asked for', async () => {
  assert.equal((await ask(command, { files })).text(), `# relatório ${two.run}`)
  assert.equal((await ask(command, { files, args: ['run'], globals: { lang: 'en' } })).text(), `# report ${two.run}`)
})

test('an older run is named by the start of its id', async () => {
  assert.equal((await ask(command, { files, options: { run: 'aa11' } })).text(), `# relatório ${one.run}`)
})

test('as JSON the run is whole, though its findings are recorded with an earlier one', async () => {
  const { json, text } = await ask(command, { files, options: { as: 'json' } })
  assert.deepEqual((json as Plan).findings, [finding()])
  assert.equal((json as Plan).digest, two.digest)
  assert.deepEqual(JSON.parse(text()), json)
})

test('--out writes the report into a folder and prints where', async () => {
  const { written, text } = await ask(command, { files, options: { out: 'out', as: 'md' } })
  assert.deepEqual([...written], [['/r/out/report.pt.md', `# relatório ${two.run}\n`]])
  assert.equal(text(), '/r/out/report.pt.md')
})

const { [`${runFolder(Date.parse(two.now), two.run)}/report.en.md`]: _, ...onlyPt } = files
const refused = [
  { name: 'a format that is not built', asked: { files, options: { as: 'pdf' } }, code: 'cli/bad-option' },
  { name: 'a repository without runs', asked: {}, code: 'report/no-run' },
  { name: 'an unknown run', asked: { files, options: { run: 'ffff' } }, code: 'report/no-run' },
  { name: 'a start that two runs share', asked: { files, options: { run: 'aa' } }, code: 'report/no-run' },
  {
    name: 'a language without a report',
    asked: { files: onlyPt, globals: { lang: 'en' as const } },
    code: 'report/no-language',
  },
]
for (const { name, asked, code } of refused)
  test(`${name} is a fault`, () => assert.rejects(ask(command, asked), { name: 'Fault', code }))
