// A small catalogue, and snapshot lines to vary in tests of reading snapshots.
import { canonicalJson } from '../../engine/base/canonical-json.ts'
import { parseInstant } from '../../engine/domain/instant.ts'
import type { Metric, SubjectKind } from '../../engine/domain/metric.ts'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { indexSnapshots, type SnapshotOptions } from '../../engine/load/snapshots.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'

export const NOW = parseInstant('2026-11-22T06:00:00Z') ?? 0
export const FOLDER = 'models/snapshots/2026/11/21T00'
export const FILE = `${FOLDER}/credit.ndjson`

const metric = (id: string, subject: SubjectKind, range: Metric['range']): [string, Metric] => [
  id,
  {
    id,
    subject,
    range,
    title: { pt: id, en: id },
    family: 'performance',
    unit: 'share',
    worse: 'down',
    definition: id,
    source: '',
  },
]

export const CATALOGUE: ReadonlyMap<string, Metric> = new Map([
  metric('performance.auc', 'model', [0, 1]),
  metric('drift.psi', 'feature', [0, null]),
  metric('fairness.demographic_parity_ratio', 'protected', [0, 1]),
  metric('fairness.selection_rate', 'group', [0, 1]),
])

export const AUC: Measurement = { metric: 'performance.auc', value: 0.8, n: 100 }

export const SNAPSHOT: Snapshot = {
  apiVersion: 'tutela/v1',
  kind: 'Snapshot',
  model: 'credit',
  version: '3.2.0',
  environment: 'production',
  purpose: 'monitoring',
  window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
  rows: { current: 18234, reference: 250000 },
  source: { tool: 'tutela', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
  measurements: [AUC],
}

/** RFC 8785, without a newline. */
export const lineOf = (changes: object = {}) => canonicalJson({ ...SNAPSHOT, ...changes })

/** The index of files over the models `credit` (once `loans`) and `fraud`. */
export function indexOf(files: Readonly<Record<string, MemoryFile>>, options: Partial<SnapshotOptions> = {}) {
  return indexSnapshots(memoryTree(files), { models: ['credit', 'fraud'], ...options })
}

const shared = { now: NOW, catalogue: CATALOGUE }
export const CREDIT = { ...shared, id: 'credit', formerly: ['loans'], versions: ['3.2.0'] }
export const FRAUD = { ...shared, id: 'fraud', formerly: [], versions: null }
