// What the gate judges: the merge and not the head, by all that the base's policies say, and nothing passes unjudged.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { GOVERNANCE, GOVERNED_FILES, snapshotLine, writeFiles } from '../run/governed-repository.ts'
import { CREDIT, cardText, DAY, deployed4, gateScene, line4, SILENT } from './gate-scene.ts'

const GOOD = { ...SILENT, [`${DAY}/credit.ndjson`]: snapshotLine('credit', 21, 0.92) }
const FAILING = { [CREDIT]: deployed4(), [`${DAY}/credit.v4.ndjson`]: line4(21, 0.1) }
const FAIRNESS = GOVERNED_FILES['policies/fairness.yaml'] ?? ''
const WAIVER = `apiVersion: tutela/v1
kind: Waiver
id: w1
policy: fairness
rule: impact-ratio
model: fraud
reason: small portfolio
ticket: T-1
requestedBy: "user:ana"
approvedBy: "user:teresa"
issued: 2026-11-01
expires: 2026-12-15
compensatingControl: weekly manual review
`

describe('what cannot be judged does not pass', () => {
  test('the model of a waiver is renamed beside a version that fails', async () => {
    const { head, ask } = gateScene({ ...GOOD, 'policies/waivers/w1.yaml': WAIVER })
    const renamed = {
      'models/fraud/card.yaml': null,
      'models/fraud2/card.yaml': cardText('fraud', ['id: fraud', 'id: fraud2\nformerly: [fraud]']),
    }
    assert.deepEqual((await ask(head(renamed))).codes, [], 'a waiver for the former id is no error')
    for (const waiver of [{}, { 'policies/waivers/w1.yaml': null }]) {
      const found = await ask(head({ ...FAILING, ...renamed, ...waiver }))
      assert.deepEqual([found.exit, found.codes], [2, ['blocks']], found.text)
    }
  })

  test('the policies of the base have an error over the files of the merge', async () => {
    const { head, ask } = gateScene(GOOD)
    const own = `${GOVERNANCE}metrics: { custom.complaints: { title: { pt: x, en: x }, unit: count, worse: up } }\n`
    const line = snapshotLine('credit', 20, 0.9).replace(
      '"metric":"fairness.demographic_parity_ratio","attribute":"sex","value":0.9',
      '"metric":"custom.complaints","value":3',
    )
    const found = await ask(
      head({ 'policies/governance.yaml': own, 'models/snapshots/2026/11/20T00/credit.ndjson': line }),
    )
    assert.deepEqual([found.exit, found.codes], [2, ['not-judged', 'blocks']], found.text)
    assert.match(found.text, /cannot be evaluated over what is merged.*`custom\.complaints`/)
  })

  test('policies of the base that are broken are repaired first, and by themselves', async () => {
    const { head, ask } = gateScene({ ...GOOD, 'policies/fairness.yaml': FAIRNESS.replace('atLeast', 'atLest') })
    const repair = { 'policies/fairness.yaml': FAIRNESS }
    const alone = await ask(head(repair))
    assert.deepEqual([alone.exit, alone.codes], [0, []], alone.text)
    const beside = await ask(head({ ...repair, ...FAILING }))
    assert.deepEqual([beside.exit, beside.codes], [2, ['base-invalid']], beside.text)
  })
})

describe('what is judged is what the merge makes', () => {
  test('a branch that is behind lacks the window in which its version fails', async () => {
    const scene = gateScene({ ...GOOD, 'models/snapshots/2026/11/20T00/credit.v4.ndjson': line4(20, 0.95) })
    const stale = scene.head({ [CREDIT]: deployed4() })
    assert.deepEqual((await scene.ask(stale)).codes, [])
    scene.advance({ [`${DAY}/credit.v4.ndjson`]: line4(21, 0.1) })
    assert.deepEqual((await scene.ask(stale)).codes, ['blocks'])
  })

  test('a file that both sides changed is a conflict, and alike it is none', async () => {
    const scene = gateScene(GOOD)
    const [one, two] = ['A model', 'Another'].map((title) => cardText('credit', ['Model credit', title]))
    const theirs = scene.head({ [CREDIT]: one ?? '' })
    scene.advance({ [CREDIT]: two ?? '' })
    const found = await scene.ask(theirs)
    assert.deepEqual([found.exit, found.codes], [2, ['merge-conflict']], found.text)
    assert.deepEqual((await scene.ask(scene.head({ [CREDIT]: two ?? '', 'x.md': 'x\n' }, 'main~1'))).codes, [])
    scene.advance({ 'notes/a.md': 'x\n' })
    const inTheWay = await scene.ask(scene.head({ notes: 'x\n' }, 'main~1'))
    assert.deepEqual(inTheWay.codes, ['merge-conflict'], 'a file where the base has a folder')
  })

  test('a criss-cross, after which Git merges another tree than from one merge base, does not pass', async () => {
    for (const [early, late] of [
      [1, 2],
      [2, 1],
    ]) {
      const scene = gateScene({ ...GOOD, ...FAILING })
      const forkOfHead = scene.head({ 'h.txt': 'h\n' }, 'main', early)
      const forkOfBase = scene.head({ [CREDIT]: cardText('credit') }, 'main', late)
      scene.moveMain(scene.merge(forkOfBase, forkOfHead, { 'h.txt': 'h\n' }))
      const behind = scene.merge(forkOfHead, forkOfBase, { 'h.txt': 'h\n', [CREDIT]: cardText('credit') })
      const again = scene.head({ [CREDIT]: deployed4() }, behind)
      const found = await scene.ask(again)
      assert.equal(found.exit, 2, found.text)
      assert.ok(found.codes.includes('several-merge-bases'), found.text)
      assert.match(found.text, /merge the base into the branch, or rebase it, then ask again/)
      assert.deepEqual(
        found.reviewers.map(({ path }) => path),
        [CREDIT],
        'as on one of the two merge bases, and yet not as on the base',
      )
      const broughtUp = await scene.ask(scene.merge(again, 'main'))
      assert.deepEqual(broughtUp.codes, ['blocks'], broughtUp.text)
    }
  })

  test('a rule that is a link is read wholly from the base, and its target has its owner', async () => {
    const scene = gateScene({ ...GOOD, 'policies/fairness.yaml': null })
    writeFiles(scene.folder, { 'shared/fairness.yaml': FAIRNESS })
    symlinkSync('../shared/fairness.yaml', join(scene.folder, 'policies/fairness.yaml'))
    const author = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
    for (const words of [
      ['add', '-A'],
      [...author, 'commit', '-qm', 'link'],
    ])
      assert.equal(spawnSync('git', ['-C', scene.folder, ...words]).status, 0)
    const found = await scene.ask(scene.head({ ...FAILING, 'shared/fairness.yaml': FAIRNESS.replace('0.8', '0.05') }))
    assert.deepEqual(found.codes, ['blocks'], found.text)
    const owners = found.reviewers.find(({ path }) => path === 'shared/fairness.yaml')?.owners
    assert.deepEqual(owners, ['team:risk-committee'])
  })
})

describe('another version in place of one that blocks', () => {
  const CASES: readonly { name: string; before: number | null; now: number | null; codes: readonly string[] }[] = [
    { name: 'may not fail where nothing was known', before: null, now: 0.1, codes: ['blocks'] },
    { name: 'may not fail by more', before: 0.7, now: 0.1, codes: ['blocks'] },
    { name: 'may fail by less', before: 0.7, now: 0.75, codes: [] },
    { name: 'may lack the measurement that the other fails by', before: 0.7, now: null, codes: [] },
    { name: 'may lack it too', before: null, now: null, codes: [] },
  ]
  for (const { name, before, now, codes } of CASES) {
    test(name, async () => {
      const { head, ask } = gateScene({
        ...SILENT,
        [`${DAY}/credit.ndjson`]: before === null ? null : snapshotLine('credit', 21, before),
      })
      const measured = now === null ? {} : { [`${DAY}/credit.v4.ndjson`]: line4(21, now) }
      const found = await ask(head({ [CREDIT]: deployed4(), ...measured }))
      assert.deepEqual(found.codes, codes, found.text)
    })
  }

  test('a challenger that fails beside a champion that fails is new', async () => {
    const { head, ask } = gateScene(SILENT)
    const both = cardText(
      'credit',
      ['versions:', 'versions:\n  - { version: "4.0.0", artifact: { uri: "mlflow:credit/8" } }'],
      [
        'deployment: { environment: production, version: "3.2.0" }',
        'deployment: [{ environment: production, version: "3.2.0" }, { environment: production, version: "4.0.0", role: challenger }]',
      ],
    )
    const challenged = head({ [CREDIT]: both, [`${DAY}/credit.v4.ndjson`]: line4(21, 0.74) })
    assert.deepEqual((await ask(challenged)).codes, ['blocks'])
  })
})

test('who claims the former id of a deployed model goes on with its deployments, and is nobody else', async () => {
  const { head, ask } = gateScene({
    ...SILENT,
    [`${DAY}/credit.ndjson`]: snapshotLine('credit', 21, 0.74).replace('3.2.0', '7.0.0'),
    [CREDIT]: cardText('credit', ['"3.2.0", a', '"7.0.0", a'], ['version: "3.2.0" }\n', 'version: "7.0.0" }\n']),
  })
  const claim = ['id: fraud', 'id: fraud\nformerly: [credit]'] as const
  const stolen = await ask(head({ [CREDIT]: null, 'models/fraud/card.yaml': cardText('fraud', claim) }))
  assert.deepEqual([stolen.exit, stolen.codes], [2, ['model-taken']], stolen.text)
  const renamed = (...changes: readonly (readonly [string, string])[]) => ({
    [CREDIT]: null,
    'models/credits/card.yaml': cardText(
      'credit',
      ['"3.2.0", a', '"7.0.0", a'],
      ['version: "3.2.0" }\n', 'version: "7.0.0" }\n'],
      ['id: credit', 'id: credits\nformerly: [credit]'],
      ...changes,
    ),
  })
  assert.deepEqual((await ask(head(renamed()))).codes, [])
  const elsewhere = await ask(head(renamed(['environment: production', 'environment: prod'])))
  assert.deepEqual(elsewhere.codes, ['model-taken'])
})
