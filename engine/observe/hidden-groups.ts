// Which names of groups may leave: those that the card declares, and those that enough people share. A suppressed group whose
// name is a cell and nothing more (an id, a name in the wrong column) is told in one entry with the others, by size alone.
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import { personalForm } from '../base/personal-text.ts'
import { visibleText } from '../base/visible-text.ts'
import type { GroupCount, Measurement } from '../domain/snapshot.ts'
import type { CardData } from './measured-columns.ts'
import { allRows, type Confusion } from './metrics/confusion.ts'
import { groupName, pairName } from './metrics/group-measurements.ts'
import { SUPPRESSED_GROUP } from './metrics/group-rates.ts'

export interface GroupsOfSet {
  /** One attribute, or the two of a pair. */
  readonly attributes: readonly string[]
  readonly groups: readonly { readonly values: readonly (string | null)[]; readonly counts: Confusion }[]
}

export interface NamesThatMayLeave {
  readonly data: Pick<CardData, 'features' | 'protected'>
  readonly minimumGroupSize: number
  /** For people: the file. */
  readonly called: string | undefined
}

/** Faults `observe/personal-group` where a group that would be measured bears a number of a person. */
export function hideGroups(
  measurements: readonly Measurement[],
  sets: readonly GroupsOfSet[],
  { data, minimumGroupSize, called }: NamesThatMayLeave,
): Measurement[] {
  const declared = new Map(sets.flatMap(({ attributes }) => attributes.map((name) => [name, declaredBy(data, name)])))
  const hidden = new Map<string, string>()
  for (const { attributes, groups } of sets) {
    const folded = foldedName(attributes)
    for (const { values, counts } of groups) {
      const isNamed = values.every(
        (value, i) => value === null || declared.get(attributes[i] ?? '')?.has(value) === true,
      )
      if (isNamed) continue
      if (allRows(counts) < minimumGroupSize) hidden.set(keyOf(attributes, nameOf(attributes, values)), folded)
      else refusePersonal(attributes, values, called)
    }
  }
  return hidden.size === 0 ? [...measurements] : folded(measurements, hidden)
}

function declaredBy({ features, protected: attributes = [] }: NamesThatMayLeave['data'], name: string): Set<string> {
  const privileged = attributes.find((one) => one.name === name)?.privileged ?? []
  return new Set([...privileged, ...(features.find((one) => one.name === name)?.values ?? [])])
}

function nameOf(attributes: readonly string[], values: readonly (string | null)[]): string {
  return attributes.length === 1 ? groupName(values[0] ?? null) : pairName(attributes, values)
}

function foldedName(attributes: readonly string[]): string {
  return attributes.length === 1 ? SUPPRESSED_GROUP : attributes.map((name) => `${name}=${SUPPRESSED_GROUP}`).join('|')
}

/** The name of a pair's group bears its attributes, and a value with `|` in it is escaped: it is never taken for a pair. */
function keyOf(attributes: readonly string[], group: string): string {
  return JSON.stringify([attributes.length === 1 ? attributes[0] : null, group])
}

function foldedInto(hidden: ReadonlyMap<string, string>, attribute: string | undefined, group: string | undefined) {
  if (group === undefined) return undefined
  return hidden.get(JSON.stringify([attribute ?? null, group])) ?? hidden.get(JSON.stringify([null, group]))
}

function refusePersonal(attributes: readonly string[], values: readonly (string | null)[], called: string | undefined) {
  for (const [i, value] of values.entries()) {
    const form = value === null ? null : personalForm(value)
    if (form === null) continue
    const where = `\`${visibleText(attributes[i] ?? '')}\`${called === undefined ? '' : ` of ${called}`}`
    const hint = 'a protected attribute holds categories: mend the column, or name another in the card'
    throw new Fault('observe/personal-group', `a group of ${where} bears ${form}`, hint)
  }
}

function folded(measurements: readonly Measurement[], hidden: ReadonlyMap<string, string>): Measurement[] {
  const sums = new Map<string, Measurement>()
  const kept: Measurement[] = []
  for (const one of measurements) {
    const into = foldedInto(hidden, one.attribute, one.group)
    if (into === undefined) {
      kept.push(one.groups === undefined ? one : { ...one, groups: foldedCounts(one, one.groups, hidden) })
      continue
    }
    const key = JSON.stringify([one.metric, one.attribute ?? null, into])
    const n = (sums.get(key)?.n ?? 0) + (one.n ?? 0)
    sums.set(key, { ...one, group: into, value: n, n })
  }
  return [...kept, ...sums.values()]
}

function foldedCounts(one: Measurement, groups: readonly GroupCount[], hidden: ReadonlyMap<string, string>) {
  const sums = new Map<string, GroupCount>()
  const kept: GroupCount[] = []
  for (const count of groups) {
    const into = foldedInto(hidden, one.attribute, count.group)
    if (into === undefined) kept.push(count)
    else sums.set(into, { ...count, group: into, n: (sums.get(into)?.n ?? 0) + count.n })
  }
  return [...kept, ...[...sums.values()].sort((a, b) => compareText(a.group, b.group))]
}
