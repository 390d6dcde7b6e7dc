import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gateChanges, gateOtherFiles } from '../../engine/remediate/gate-changes.ts'

const HOUR = 'models/snapshots/2026/11/21T00/credit.ndjson'
const OTHER = 'models/snapshots/2026/11/21T00/fraud.ndjson'
const DAY = 'models/snapshots/2026/11/21.ndjson'
const NEXT = 'models/snapshots/2026/11/22.ndjson'

const file = (path: string, before: string | null, after: string | null) => ({
  path,
  before: before === null ? null : Buffer.from(before),
  after: after === null ? null : Buffer.from(after),
})

const CASES: readonly { name: string; changed: readonly ReturnType<typeof file>[]; found: readonly string[] }[] = [
  {
    name: 'cards, policies and other files may change',
    changed: [file('models/credit/card.yaml', 'a', 'b'), file('README.md', null, 'x')],
    found: [],
  },
  {
    name: 'the log and the reports may not',
    changed: [file('reports/latest.json', 'a', 'b'), file('ledger/checkpoint', 'a', 'b')],
    found: ['run-files ledger/checkpoint', 'run-files reports/latest.json'],
  },
  {
    name: 'nor may they be removed',
    changed: [file('ledger/tile/0/000', 'a', null)],
    found: ['run-files ledger/tile/0/000'],
  },
  {
    name: 'nor may a link or a file take their folders’ place',
    changed: [file('ledger', null, ''), file('reports', null, '')],
    found: ['run-files ledger', 'run-files reports'],
  },
  {
    name: 'a name that some systems take for a governed folder may not come, and may go',
    changed: [
      file('Ledger/checkpoint', null, 'a'),
      file('reports./latest.json', null, 'a'),
      file('policie\u200bs/x.yaml', null, 'a'),
      file('models/Snapshots/x', null, ''),
      file('Models/x', 'a', null),
      file('reportſ/x', null, 'a'),
    ],
    found: [
      'look-alike Ledger/checkpoint',
      'look-alike models/Snapshots/x',
      'look-alike policie\u200bs/x.yaml',
      'look-alike reports./latest.json',
      'look-alike reportſ/x',
    ],
  },
  { name: 'whom to trust is people’s', changed: [file('ledger/policy', 'a', 'b')], found: [] },
  {
    name: 'a folder that only begins alike is another',
    changed: [file('ledger-notes/x', 'a', 'b'), file('reportsx', 'a', 'b')],
    found: [],
  },
  { name: 'a line may be added, at the end or between', changed: [file(HOUR, 'a\nb\n', 'a\nx\nb\ny\n')], found: [] },
  { name: 'a new file may come', changed: [file(HOUR, null, 'a\n')], found: [] },
  {
    name: 'a line may not be altered',
    changed: [file(HOUR, 'a\nb\n', 'a\nB\n')],
    found: [`snapshot-changed ${HOUR} 2`],
  },
  {
    name: 'a line may not be removed',
    changed: [file(HOUR, 'a\nb\nc\n', 'b\n')],
    found: [`snapshot-changed ${HOUR} 1`, `snapshot-changed ${HOUR} 3`],
  },
  { name: 'a file may not be removed', changed: [file(HOUR, 'a\n', null)], found: [`snapshot-changed ${HOUR} 1`] },
  {
    name: 'line ends are a part of the line',
    changed: [file(HOUR, 'a\n', 'a\r\n')],
    found: [`snapshot-changed ${HOUR} 1`],
  },
  {
    name: 'a day may be folded',
    changed: [file(HOUR, 'a\nb\n', null), file(OTHER, 'c\n', null), file(DAY, null, 'a\nb\nc\n')],
    found: [],
  },
  {
    name: 'folding may not lose a line',
    changed: [file(HOUR, 'a\nb\n', null), file(DAY, null, 'a\n')],
    found: [`snapshot-changed ${HOUR} 2`],
  },
  {
    name: 'nor fold into another day',
    changed: [file(HOUR, 'a\n', null), file(NEXT, null, 'a\n')],
    found: [`snapshot-changed ${HOUR} 1`],
  },
  {
    name: 'a line may not move to another file of the hour',
    changed: [file(HOUR, 'a\n', null), file(OTHER, null, 'a\n')],
    found: [`snapshot-changed ${HOUR} 1`],
  },
  { name: 'a folded day only grows', changed: [file(DAY, 'a\nb\n', 'a\n')], found: [`snapshot-changed ${DAY} 2`] },
  {
    name: 'one byte of a wide character counts',
    changed: [file(HOUR, 'é\n', 'è\n')],
    found: [`snapshot-changed ${HOUR} 1`],
  },
]

for (const { name, changed, found } of CASES) {
  test(name, () => {
    const told = gateChanges([...changed].reverse()).map(
      (one) => `${one.code} ${one.path}${'line' in one ? ` ${one.line}` : ''}`,
    )
    assert.deepEqual(told, found)
  })
}

test('a proposal changes the files of its model alone', () => {
  const paths = ['policies/allowed-signers', 'models/credit/card.yaml', 'models/credit-2/card.yaml', 'README.md']
  const changed = paths.map((path) => file(path, 'a', 'b'))
  assert.deepEqual(
    gateOtherFiles(changed, 'credit').map((one) => 'path' in one && one.path),
    ['README.md', 'models/credit-2/card.yaml', 'policies/allowed-signers'],
  )
})
