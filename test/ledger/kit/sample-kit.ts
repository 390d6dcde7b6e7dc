// Kits from logs in memory, for tests: decisions of some models, sound or forged.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '../../../engine/base/canonical-json.ts'
import { cidText } from '../../../engine/ledger/ipfs/cid.ts'
import type { KitAbout } from '../../../engine/ledger/kit/fill-page.ts'
import { embeddedCar, KIT_NAMES, kitFiles } from '../../../engine/ledger/kit/kit-files.ts'
import { logCar } from '../../../engine/ledger/kit/log-car.ts'
import { formatPolicy } from '../../../engine/ledger/trust-policy.ts'
import { VERSION } from '../../../engine/version.ts'
import { append, type MemoryLog, ORIGIN, SIGNER } from '../memory-log.ts'

const OUTCOMES = ['pass', 'warn', 'fail', 'pass'] as const
const hex = (n: number, length: number): string => n.toString(16).padStart(length, '0')

/** The canonical bytes of an entry of any kind and body. */
export function entryOf(kind: string, i: number, body: Record<string, unknown>): Uint8Array {
  const at = `${new Date(Date.UTC(2024, 0, 1) + i * 600_000).toISOString().slice(0, 19)}Z`
  return Buffer.from(canonicalJson({ v: 1, kind, at, run: hex(i, 16), commit: hex(i, 40), body }))
}

/** What a run records now and then: verdicts, proposals, approvals by roles. */
export function decisionEntry(i: number): Uint8Array {
  const model = `model-${String(i % 40).padStart(2, '0')}`
  const proposal = hex(Math.floor(i / 10), 10)
  const identity = { key: hex(i, 64), evidence: hex(i * 7, 64), model, environment: 'production' }
  if (i % 10 === 7) return entryOf('proposal-opened', i, { ...identity, proposal, action: 'retrain', head: hex(i, 40) })
  if (i % 10 === 8) {
    const approval = `sha256:${hex(i * 3, 64)}`
    return entryOf('proposal-approved', i, {
      proposal,
      evidence: hex((i - 1) * 7, 64),
      head: hex(i, 40),
      by: 'team:model-risk',
      approval,
    })
  }
  const outcome = OUTCOMES[i % OUTCOMES.length] ?? 'pass'
  const isFail = outcome === 'fail'
  const finding = {
    id: hex(i, 16),
    policy: 'drift',
    rule: 'psi',
    subject: 'feature income',
    outcome,
    value: 0.31,
    limit: 0.2,
  }
  return entryOf('evaluation', i, {
    card: `sha256:${hex(i, 64)}`,
    policies: `sha256:${hex(1, 64)}`,
    findings: isFail ? [finding] : [],
    verdict: {
      model,
      version: `1.${i % 5}.0`,
      environment: 'production',
      outcome,
      blocks: isFail,
      demand: isFail ? 'retrain' : 'none',
      counts: { pass: 12, warn: 0, fail: isFail ? 1 : 0, error: 0, skip: 0 },
      snapshots: [`sha256:${hex(i * 11, 64)}`],
      findings: isFail ? [hex(i, 16)] : [],
    },
  })
}

/** A log of these entries, appended at once. */
export function logOf(entries: readonly Uint8Array[]): MemoryLog {
  const log: MemoryLog = new Map()
  for (let at = 0; at < entries.length; at += 4096) append(log, entries.slice(at, at + 4096))
  return log
}

/** The log of the first decisions. */
export function decisionLog(size: number): MemoryLog {
  return logOf(Array.from({ length: size }, (_, i) => decisionEntry(i)))
}

/** A kit with its parts, so that a forger can change one of them. */
export interface SampleKit {
  readonly about: KitAbout
  readonly car: Uint8Array
  readonly policy: Uint8Array
}

/** The kit of a log, which is not asked whether it is sound. */
export function kitOf(log: MemoryLog, size: number, about: Partial<KitAbout> = {}): SampleKit {
  const { cid, pieces } = logCar((path) => log.get(path) ?? null, size)
  const car = Buffer.concat([...pieces])
  return {
    about: {
      institution: 'Banco Teste',
      languages: ['pt', 'en'],
      origin: ORIGIN,
      size,
      cid: cidText(cid),
      version: VERSION,
      ...about,
    },
    car,
    policy: Buffer.from(formatPolicy({ logs: [SIGNER.key], witnesses: [], quorum: 'none' })),
  }
}

/** Writes the kit's files into a folder and returns the page's path. `embed: false`: the page is without the log. */
export function writeKit(folder: string, kit: SampleKit, template: string, embed = true): string {
  mkdirSync(folder, { recursive: true })
  const files = kitFiles({ ...kit, car: embed ? embeddedCar(kit.car) : null }, template)
  for (const [name, bytes] of [[KIT_NAMES.car, kit.car] as const, ...files]) writeFileSync(join(folder, name), bytes)
  return join(folder, KIT_NAMES.page)
}
