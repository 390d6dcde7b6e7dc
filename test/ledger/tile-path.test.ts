import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { layOut } from '../../engine/ledger/log-layout.ts'
import { edgeWidths, parseTilePath, tilePath } from '../../engine/ledger/tile-path.ts'

test('tiles stand where the specification says', () => {
  for (const [row, index, width, path] of [
    [0, 0, 256, 'tile/0/000'],
    [0, 5, 112, 'tile/0/005.p/112'],
    [1, 1_234_067, 256, 'tile/1/x001/x234/067'],
    ['entries', 1_000, 1, 'tile/entries/x001/000.p/1'],
    [63, 999, 256, 'tile/63/999'],
  ] as const) {
    assert.equal(tilePath({ row, index, width }), path)
    assert.deepEqual(parseTilePath(path), { row, index, width })
  }
})

test('paths that no log has are none', () => {
  const paths = [
    'tile/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p',
    'tile/0/000/',
    'tile/-1/000',
    'tile/entries/',
    'tile/0/.000.12-0.tmp',
    `tile/0/${'x001/'.repeat(40)}001`,
    '../tile/0/000',
    'tile/0/000\n',
    'checkpoint',
  ]
  for (const path of paths) assert.equal(parseTilePath(path), null, path)
})

test('any address survives its path', () => {
  const row = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }))
  const property = fc.property(row, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (row, index, width) => {
    assert.deepEqual(parseTilePath(tilePath({ row, index, width })), { row, index, width })
  })
  fc.assert(property)
})

test('the right edge of 70,000 entries is 112, 17 and 1 wide, and a full tile leaves an empty one', () => {
  assert.deepEqual(
    edgeWidths(70_000).map(({ width }) => width),
    [112, 17, 1],
  )
  assert.deepEqual(
    edgeWidths(256).map(({ width }) => width),
    [0, 1],
  )
  assert.deepEqual(edgeWidths(0), [])
})

test('gaps and strangers are named, and a size that no folder holds costs nothing', () => {
  const layout = layOut(['tile/0/000', 'tile/0/002.p/3', 'tile/9/000', 'tile/x', 'README', 'tile/0/000.p/4'], 515)
  assert.deepEqual(
    layout.problems.map(({ code, where }) => [code, where]),
    [
      ['ledger/missing-file', 'tile/0/001'],
      ['ledger/missing-file', 'tile/1/000.p/2'],
      ['ledger/stray-file', 'tile/9/000'],
      ['ledger/missing-file', 'tile/entries/000'],
      ['ledger/missing-file', 'tile/entries/001'],
      ['ledger/missing-file', 'tile/entries/002.p/3'],
      ['ledger/stray-file', 'tile/x'],
    ],
  )
  assert.deepEqual(layout.rows[1]?.tiles[0], { index: 0, width: 256, stale: [4] })
  assert.ok(layOut(['tile/0/000'], Number.MAX_SAFE_INTEGER).problems.length < 200)
})
