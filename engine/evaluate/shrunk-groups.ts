// Groups that are suppressed for their size now, though the baseline or the window before showed them:
// a group that shrinks must be seen, not vanish.
import { compareText } from '../base/order.ts'
import type { GroupCount } from '../domain/snapshot.ts'
import type { Deployed } from './deployed.ts'
import type { MetricWindow } from './metric-window.ts'

/** Attribute → its shrunk groups, sorted; attributes without one are left out. */
export type ShrunkGroups = ReadonlyMap<string, readonly string[]>

const NONE: ShrunkGroups = new Map()

/** Looks at every metric over protected attributes or groups that the window measures, whichever one a rule is about. */
export function shrunkGroups(deployed: Deployed, window: MetricWindow): ShrunkGroups {
  const now = new Map<string, Set<string>>()
  const measured = deployed.compiled.attributeReadings.filter((reading) => {
    const newest = deployed.windowsOf(reading).at(0)
    if (newest === undefined || newest.start !== window.start || newest.end !== window.end) return false
    collectGroups(newest, true, now)
    return true
  })
  if (now.size === 0) return NONE
  const before = new Map<string, Set<string>>()
  for (const reading of measured) {
    collectGroups(deployed.windowsOf(reading).at(1), false, before)
    collectGroups(deployed.baselinesOf(reading).at(0), false, before)
  }
  const shrunk = new Map<string, readonly string[]>()
  for (const [attribute, groups] of now) {
    const gone = [...groups].filter((group) => before.get(attribute)?.has(group))
    if (gone.length > 0) shrunk.set(attribute, gone.sort(compareText))
  }
  return shrunk
}

const NO_GROUPS: readonly GroupCount[] = []

function collectGroups(window: MetricWindow | undefined, suppressed: boolean, into: Map<string, Set<string>>): void {
  for (const { measurement } of window?.readings ?? []) {
    const { attribute, group, value, groups = NO_GROUPS } = measurement
    if (attribute === undefined) continue
    if (group !== undefined && !suppressed && value !== null) addGroup(into, attribute, group)
    for (let i = 0; i < groups.length; i++) {
      const counted = groups[i]
      if (counted !== undefined && (counted.suppressed === true) === suppressed)
        addGroup(into, attribute, counted.group)
    }
  }
}

function addGroup(into: Map<string, Set<string>>, attribute: string, group: string): void {
  const groups = into.get(attribute)
  if (groups === undefined) into.set(attribute, new Set([group]))
  else groups.add(group)
}
