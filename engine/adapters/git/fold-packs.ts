// Folds the packs that runs made into fewer.
import type { Parts } from './parts.ts'

/** How many packs were folded. */
export function foldPacks(_parts: Parts): number {
  return 0
}
