// Writes the snapshots of the bundled example from the counts beside the cards. Part of `npm run example`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { canonicalJson, sha256Hex } from '../../engine/base/canonical-json.ts'
import { COMPAS_COUNTS, compasSnapshots } from './compas-snapshots.ts'
import { PROJECT } from './counts-csv.ts'
import { snapshotFiles } from './example-snapshot.ts'
import { LOAN_COUNTS, loanSnapshots } from './loan-snapshots.ts'

/** Path → text of every snapshot file of the example. */
export function exampleSnapshotFiles(): ReadonlyMap<string, string> {
  return snapshotFiles([
    ...loanSnapshots(`sha256:${sha256Hex(canonicalJson(Object.values(LOAN_COUNTS).map(digestOfFile)))}`),
    ...compasSnapshots(digestOfFile(COMPAS_COUNTS)),
  ])
}

export function writeExampleSnapshots(): void {
  rmSync(join(PROJECT, 'models/snapshots'), { recursive: true, force: true })
  for (const [path, text] of exampleSnapshotFiles()) {
    mkdirSync(dirname(join(PROJECT, path)), { recursive: true })
    writeFileSync(join(PROJECT, path), text)
  }
}

function digestOfFile(path: string): string {
  return `sha256:${sha256Hex(readFileSync(join(PROJECT, path)))}`
}

if (import.meta.main) writeExampleSnapshots()
