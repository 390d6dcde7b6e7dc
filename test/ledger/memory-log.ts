// A log in memory, grown by plans, for tests.

import type { Signer } from '../../engine/ledger/note-key.ts'
import { signerOfSeed } from '../../engine/ledger/note-key.ts'
import { type AppendPlan, planAppend } from '../../engine/ledger/plan-append.ts'
import { type Trust, trustInKey } from '../../engine/ledger/trust-policy.ts'
import type { LogFiles } from '../../engine/ledger/verify-log.ts'

export const ORIGIN = 'test.tutela.example/log'
export const SIGNER: Signer = signerOfSeed(ORIGIN, Buffer.alloc(32, 7))
export const TRUST: Trust = trustInKey(SIGNER.key)

export type MemoryLog = Map<string, Uint8Array>

export function filesOf(log: ReadonlyMap<string, Uint8Array>): LogFiles {
  return { list: () => log.keys(), read: (path) => log.get(path) ?? null }
}

export function applyPlan(log: MemoryLog, plan: AppendPlan): void {
  for (const [path, bytes] of plan.files) log.set(path, bytes)
  for (const path of plan.remove) log.delete(path)
}

/** Appends in place and returns the plan. */
export function append(
  log: MemoryLog,
  entries: readonly Uint8Array[],
  signers: readonly Signer[] = [SIGNER],
): AppendPlan {
  const [first] = signers
  const plan = planAppend({
    read: (path) => log.get(path) ?? null,
    entries,
    signers,
    origin: first?.key.name ?? ORIGIN,
  })
  applyPlan(log, plan)
  return plan
}

/** A small canonical entry. */
export function sampleEntry(i: number): Uint8Array {
  const at = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().slice(0, 19)
  const commit = i.toString(16).padStart(40, '0')
  return Buffer.from(
    `{"at":"${at}Z","body":{"n":${i}},"commit":"${commit}","kind":"incident","run":"00000000000000aa","v":1}`,
  )
}

export function sampleEntries(from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, i) => sampleEntry(from + i))
}
