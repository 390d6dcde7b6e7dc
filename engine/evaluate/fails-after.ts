// `failsAfter`: whether a window that fails by itself has enough failing windows before it.
import type { FailsAfter } from '../domain/policy.ts'

const DAY = 86_400_000

/** What a window says by itself; `over`: it has a skip or no usable data, so it neither counts nor breaks a row. */
export type WindowSays = 'fails' | 'holds' | 'over'

/** What the rule would have said of one window by itself. */
export interface EarlierWindow {
  readonly end: number
  readonly says: WindowSays
}

/**
 * How many windows count as failing, the current one included, and whether they are enough.
 * `earlier(1)` is the window before the current one; `undefined` where history ends. It is asked no further than needed.
 */
export function countFailing(
  failsAfter: FailsAfter,
  currentEnd: number,
  earlier: (back: number) => EarlierWindow | undefined,
): { readonly failed: number; readonly enough: boolean } {
  let failed = 1
  let judged = 1
  for (let back = 1; failed < failsAfter.count; back++) {
    if (failsAfter.kind === 'of-last' && judged >= failsAfter.of) break
    const window = earlier(back)
    if (window === undefined) break
    if (failsAfter.kind === 'within-days' && window.end < currentEnd - failsAfter.days * DAY) break
    if (window.says === 'over') continue
    if (window.says === 'holds' && failsAfter.kind === 'consecutive') break
    judged++
    if (window.says === 'fails') failed++
  }
  return { failed, enough: failed >= failsAfter.count }
}
