// Evidently, by shape: Report and TestSuite of the first API, saved report and workspace file of the second.
import { isReportEntry, readReport } from './evidently-report.ts'
import { readSnapshot, readWorkspace } from './evidently-snapshot.ts'
import { readSuite } from './evidently-suite.ts'
import type { Extracted, Source } from './imported.ts'
import { isArray, isObject, maybeText, member, unknownShape } from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'

const WANTED = 'a report of Evidently has `metrics`, a test suite `tests`, a workspace file `metric_results`'

/**
 * Reads any of the four shapes, told apart by their members alone. Throws `Refusal` with code `unknown-shape` for all
 * else.
 */
export function importEvidently(source: Source): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  if (!isObject(top)) throw unknownShape(top, WANTED)
  if (isObject(member(top, 'metric_results')) && isArray(member(top, 'top_level_metrics'))) return readWorkspace(top)
  const version = maybeText(top, 'version') ?? null
  const metrics = member(top, 'metrics')
  if (isArray(metrics)) return readMetrics(top, metrics, version)
  const tests = member(top, 'tests')
  if (isArray(tests) && tests.every((test) => hasAll(test, ['name', 'status', 'parameters']))) {
    return readSuite(tests as readonly JsonObject[], version)
  }
  throw unknownShape(top, WANTED)
}

function readMetrics(top: JsonObject, metrics: readonly JsonValue[], version: string | null): Extracted {
  if (metrics.every(isReportEntry)) return readReport(metrics as readonly JsonObject[], version)
  if (metrics.every(isSnapshotEntry)) return readSnapshot(top, metrics as readonly JsonObject[])
  const odd = metrics.find((entry) => !isReportEntry(entry) && !isSnapshotEntry(entry))
  const keys = isObject(odd) ? Object.keys(odd).sort().slice(0, 12).join('`, `') : ''
  throw unknownShape(
    top,
    'an entry of `metrics` has `metric` and `result`, or `metric_id` or `metric_name` and `value`',
    ` (an entry of \`metrics\` has \`${keys}\`)`,
  )
}

function isSnapshotEntry(entry: JsonValue): boolean {
  return hasAll(entry, ['id', 'value']) && (hasAll(entry, ['metric_id']) || hasAll(entry, ['metric_name']))
}

function hasAll(entry: JsonValue, keys: readonly string[]): boolean {
  return isObject(entry) && keys.every((key) => Object.hasOwn(entry, key))
}
