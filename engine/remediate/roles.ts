// Who a person is: teams from `people` of governance.yaml, `user:<name>` for one alone. Names compare without regard
// to case.
import { compareText } from '../base/order.ts'
import type { Governance } from '../domain/governance.ts'

type People = Pick<Governance, 'people'>

/** The teams of a person, sorted: what the ledger may say of them. */
export function teamsOf(name: string, { people }: People): string[] {
  return Object.keys(people)
    .filter((team) => people[team]?.some((member) => isSameName(member, name)) === true)
    .sort(compareText)
}

/** Whether a person is one of `team:…` or `user:…`. */
export function isOneOf(name: string, roles: readonly string[], governance: People): boolean {
  const teams = teamsOf(name, governance)
  return roles.some((role) => isSameName(role, `user:${name}`) || teams.some((team) => isSameName(team, role)))
}

/** Teams among the roles that `people` does not know: with a local forge they are nobody. */
export function unknownTeams(roles: readonly string[], { people }: People): string[] {
  return roles.filter((role) => role.startsWith('team:') && !Object.keys(people).some((team) => isSameName(team, role)))
}

/** Without regard to case or to how accents are encoded (NFC). */
export function isSameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()
}

/** Wider, for what a name must not be: white space, hidden characters, widths and dots make no other person. */
export function isAlikeName(a: string, b: string): boolean {
  return skeletonOf(a) === skeletonOf(b)
}

function skeletonOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\s.\p{M}\p{C}\p{Default_Ignorable_Code_Point}]+/gu, '')
}
