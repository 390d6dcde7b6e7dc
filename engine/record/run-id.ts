// The id of a run: what was judged and when (ARCHITECTURE.md, "What a run writes").
import { canonicalJson, sha256Hex } from '../base/canonical-json.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { SourceTree } from '../world.ts'

/** First 16 hex digits of the digest of the judged trees and `now`; null where a tree is absent. */
export function runId(base: SourceTree, record: SourceTree | null, now: Instant): string {
  const facts = {
    base: { policies: base.treeId('policies'), models: base.treeId('models') },
    record: { models: record === null ? null : record.treeId('models') },
    now: formatInstant(now),
  }
  return sha256Hex(canonicalJson(facts)).slice(0, 16)
}
