import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { provesConsistency, provesInclusion } from '../../engine/ledger/merkle-proof.ts'
import { LEDGER, skipWithoutVectors } from './vectors.ts'

interface Vector {
  readonly leafIdx: bigint
  readonly treeSize: bigint
  readonly size1: bigint
  readonly size2: bigint
  readonly root: string
  readonly root1: string
  readonly root2: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly desc: string
  readonly wantErr: boolean
}

/** Integers reach 2^64 - 1, which JSON.parse would round. */
function readVector(path: string): Vector {
  return JSON.parse(readFileSync(path, 'utf8'), (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? BigInt(context?.source ?? value) : value,
  ) as Vector
}

function bytes(base64: string | null): Uint8Array {
  return Buffer.from(base64 ?? '', 'base64')
}

test('all inclusion vectors of transparency-dev/merkle are answered as published', { skip: skipWithoutVectors }, () => {
  const files = globSync('merkle/inclusion/**/*.json', { cwd: LEDGER })
  assert.equal(files.length, 98)
  for (const file of files) {
    const { leafIdx, treeSize, root, leafHash, proof, wantErr, desc } = readVector(join(LEDGER, file))
    const claim = {
      index: leafIdx,
      size: treeSize,
      leaf: bytes(leafHash),
      root: bytes(root),
      proof: (proof ?? []).map(bytes),
    }
    assert.equal(provesInclusion(claim), !wantErr, `${file}: ${desc}`)
  }
})

test('all consistency vectors of transparency-dev/merkle are answered as published', {
  skip: skipWithoutVectors,
}, () => {
  const files = globSync('merkle/consistency/**/*.json', { cwd: LEDGER })
  assert.equal(files.length, 98)
  for (const file of files) {
    const { size1, size2, root1, root2, proof, wantErr, desc } = readVector(join(LEDGER, file))
    const claim = {
      first: size1,
      second: size2,
      firstRoot: bytes(root1),
      secondRoot: bytes(root2),
      proof: (proof ?? []).map(bytes),
    }
    assert.equal(provesConsistency(claim), !wantErr, `${file}: ${desc}`)
  }
})
