// Where the public vectors of the ledger stand, and the rules by which their big logs are made again.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../../shared/vectors')
export const LEDGER = join(ROOT, 'ledger')
export const JCS = join(ROOT, 'jcs')

/** The reason for which a test of vectors is skipped, or false. */
export const skipWithoutVectors: string | false = existsSync(LEDGER)
  ? false
  : 'the public vectors are not beside the project'

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

export const LOG_KEY = 'vectors.tutela.example/log+227a75a8+AY3AXoYBQKo2lAmrCl9FEO+HHpyB/EVF5+xUHgXPbJou'
export const LOG_SECRET = 'PRIVATE+KEY+vectors.tutela.example/log+227a75a8+AW3TdtxY4a9ohr+HAmvqCeBLTITfyxBt0Nm+bCJvGw9D'
export const TESSERA_KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx'

const START = Date.parse('2026-01-01T00:00:00Z')

/** Entry `i` of logs/small and logs/large. */
export function vectorEntry(i: number): Uint8Array {
  const at = `${new Date(START + i * 1000).toISOString().slice(0, 19)}Z`
  const commit = i.toString(16).padStart(40, '0')
  return Buffer.from(`{"at":"${at}","commit":"${commit}","kind":"evaluation","n":${i},"run":"r","v":1}`)
}
