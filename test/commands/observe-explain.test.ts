// Attributions and reason codes by the verb: which columns are read, which rows are of the window, and what is refused.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fault } from './import-scene.ts'
import { CARD, csv, figures, HEADER, lineOf, observe, rows, scene, value } from './observe-scene.ts'

const TAIWAN = join(import.meta.dirname, '../../../shared/data/taiwan-credit')
const NO_DATA = existsSync(TAIWAN) ? false : 'the real data (../shared/data) are not on this machine'

const NUMBERS = CARD.replace('{ name: region, type: category, values: [N, S] }', '{ name: age, type: number }')
const DATA = csv(rows(60))
  .replace('region', 'age')
  .replaceAll(/,[NS],/g, ',30,')
const attributed = (more: Readonly<Record<string, string>>) =>
  scene({ 'current.csv': DATA, ...more }, { 'models/loans/card.yaml': NUMBERS })
const shap = (rowsOf: readonly string[], header = 'income,age') => csv(rowsOf, header)

describe('attributions', () => {
  test('have a mean a feature, and are held against those of the reference', async () => {
    const place = attributed({ 'now.csv': shap(['1,-3', '-3,1']), 'then.csv': shap(['4,1', '-4,1']) })
    const result = await observe(place, { attributions: ['now.csv'], referenceAttributions: ['then.csv'] })
    assert.deepEqual(
      figures(result, 'explain.mean_abs_shap').map(({ feature, value: mean, n }) => [feature, mean, n]),
      [
        ['age', 2, 2],
        ['income', 2, 2],
      ],
    )
    assert.ok(Math.abs((value(result, 'explain.l1') ?? 0) - 0.6) < 1e-12)
    // Both orders of the tied live side: gains 4 and 1 over log2(2) and log2(3).
    const mean = (5 * (1 + 1 / Math.log2(3))) / 2
    assert.ok(Math.abs((value(result, 'explain.ndcg') ?? 0) - mean / (4 + 1 / Math.log2(3))) < 1e-12)
    assert.equal(value(result, 'explain.top_k_overlap'), 1)
    const alone = await observe(place, { attributions: ['now.csv'], out: '-' })
    assert.deepEqual(figures(alone, 'explain.l1'), [])
    assert.notEqual(lineOf(alone).source.digest, lineOf(result).source.digest)
  })

  test('of columns that are no features are left out, and of rows outside the window; both are told', async () => {
    const header = 'row,decided_at,income,age,region=N'
    const now = shap(['1,2026-11-20T01:00:00Z,1,2,9', '2,2026-11-19T01:00:00Z,7,7,9', '3,,7,7,9'], header)
    const result = await observe(attributed({ 'now.csv': now }), { attributions: ['now.csv'] })
    assert.deepEqual(
      figures(result, 'explain.mean_abs_shap').map(({ feature, value: mean, n }) => [feature, mean, n]),
      [
        ['age', 2, 1],
        ['income', 1, 1],
      ],
    )
    const notes = result.notes.join('\n')
    assert.match(
      notes,
      /columns of `--attributions` that are no features of the card are left out: `row`, `region=N`\n/,
    )
    assert.match(notes, /2 rows of `--attributions` are not of the window: left out/)
  })

  test('that a side lacks count as 0 there, which is told', async () => {
    const place = attributed({ 'now.csv': shap(['1,1']), 'then.csv': shap(['1'], 'income') })
    const result = await observe(place, { attributions: ['now.csv'], referenceAttributions: ['then.csv'] })
    assert.equal(value(result, 'explain.l1'), 1)
    assert.match(result.notes.join('\n'), /`--reference-attributions` lacks `age`: 0 is taken for them/)
  })

  test('of nothing that the card knows, of text, or without a side are refused', async () => {
    const place = attributed({ 'a.csv': shap(['1,2'], 'x,y'), 'text.csv': shap(['1,high']) })
    const noFeature =
      /`--attributions` has no column of a feature of the card \(one file with `x`, `y`\); a SHAP matrix has a column a feature, such as `income`/
    await assert.rejects(observe(place, { attributions: ['a.csv'] }), fault('observe/missing-column', noFeature))
    const text = /`text\.csv`, line 2: the column `age` is a number/
    await assert.rejects(observe(place, { attributions: ['text.csv'] }), fault('observe/wrong-type', text))
    const alone = /`--reference-attributions` is given without `--attributions`/
    await assert.rejects(observe(place, { referenceAttributions: ['a.csv'] }), fault('cli/bad-usage', alone))
    const gone = /there is no file `gone\.csv`; `--attributions` takes paths/
    await assert.rejects(observe(place, { attributions: ['gone.csv'] }), fault('observe/no-file', gone))
  })

  test('of real data (TreeSHAP) drift as scikit-learn says', { skip: NO_DATA }, async () => {
    const { windows } = JSON.parse(readFileSync(join(TAIWAN, 'expected.json'), 'utf8')) as {
      windows: Record<
        string,
        { explain: { mean_abs_shap: Record<string, number>; against_reference: Record<string, number> } }
      >
    }
    const { explain } = windows['2005-10'] ?? assert.fail('no window')
    const names = Object.keys(explain.mean_abs_shap)
    const card = CARD.replace(
      /features: .*/,
      `features: [${names.map((name) => `{ name: ${name}, type: number }`).join(', ')}]`,
    )
      .replace('prediction: refused', 'prediction: prediction')
      .replace('label: defaulted', 'label: label')
      .replace('timestamp: decided_at', 'timestamp: scored_at')
      .replace('privileged: [M]', 'privileged: [F]')
    const result = await observe(scene({}, { 'models/loans/card.yaml': card }), {
      current: [join(TAIWAN, 'windows/2005-10.parquet')],
      attributions: [join(TAIWAN, 'shap/2005-10.parquet')],
      referenceAttributions: [join(TAIWAN, 'shap/reference.parquet')],
    })
    const near = (got: number | null | undefined, expected: number | undefined, what: string) =>
      assert.ok(typeof got === 'number' && Math.abs(got - (expected ?? Number.NaN)) < 1e-9, `${what}: ${got}`)
    for (const { feature = '', value: mean } of figures(result, 'explain.mean_abs_shap'))
      near(mean, explain.mean_abs_shap[feature], feature)
    assert.equal(figures(result, 'explain.mean_abs_shap').length, names.length)
    near(value(result, 'explain.ndcg'), explain.against_reference.ndcg, 'ndcg')
    near(value(result, 'explain.l1'), explain.against_reference.l1, 'l1')
  })
})

describe('reason codes', () => {
  const withReasons = (lines: readonly string[]) =>
    csv(
      lines.map((line, i) => `${line},${i % 4 === 0 ? '' : 'R01'}`),
      `${HEADER},reason`,
    )
  const card = (data: string) => CARD.replace('  timestamp:', `  ${data}\n  timestamp:`)
  const lines = rows(80)
  const isRefused = (line: string) => line.split(',')[7] === '1'

  test('are counted on the decisions that the card calls adverse', async () => {
    for (const adverse of ['1', '0'] as const) {
      const files = { 'models/loans/card.yaml': card(`reasons: reason\n  adverse: "${adverse}"`) }
      const result = await observe(scene({ 'current.csv': withReasons(lines) }, files))
      const asked = lines.map((line, i) => ({ line, i })).filter(({ line }) => isRefused(line) === (adverse === '1'))
      const withCode = asked.filter(({ i }) => i % 4 !== 0).length
      const [measured] = figures(result, 'explain.reason_coverage')
      assert.deepEqual([measured?.value, measured?.n], [withCode / asked.length, asked.length])
    }
  })

  test('mean the same whether the decision is 1, 1.0 or true', async () => {
    const spelled = lines.map((line) => line.replace(/,(\d),(\d)$/, (_, one, two) => `,${one === '1'},${two}`))
    const forms = [withReasons(lines), withReasons(spelled)]
    const files = { 'models/loans/card.yaml': card('reasons: reason\n  adverse: "true"') }
    const found = []
    for (const form of forms)
      found.push(value(await observe(scene({ 'current.csv': form }, files)), 'explain.reason_coverage'))
    assert.ok(typeof found[0] === 'number' && found[0] > 0)
    assert.equal(found[1], found[0])
  })

  test('without the column, or without what is adverse, are refused', async () => {
    const absent = scene(
      { 'current.csv': csv(lines) },
      { 'models/loans/card.yaml': card('reasons: reason\n  adverse: "1"') },
    )
    await assert.rejects(observe(absent), fault('observe/missing-column', /`current\.csv` has no column `reason`/))
    const unsaid = scene({ 'current.csv': withReasons(lines) }, { 'models/loans/card.yaml': card('reasons: reason') })
    await assert.rejects(observe(unsaid), fault('observe/bad-card', /cannot be read/))
  })
})
