// People and teams as files name them: `user:<name>`, `team:<name>`, compared without regard to case.
import type { Governance } from '../domain/governance.ts'
import { quoted } from './schema-problems.ts'
import type { Problem } from './source-text.ts'

/** People and teams are compared without regard to case. */
export function isSamePerson(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Wider, for people who must not be one: accents however encoded, widths, hidden characters and dots make no other person. */
export function isAlikePerson(a: string, b: string): boolean {
  const skeleton = (name: string) =>
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\s.\p{M}\p{C}\p{Default_Ignorable_Code_Point}]+/gu, '')
  return skeleton(a) === skeleton(b)
}

/** The bare names of a team, in lower case; undefined where `people` lacks it. */
export function membersOf(team: string, governance: Governance): readonly string[] | undefined {
  const found = Object.entries(governance.people).find(([name]) => isSamePerson(name, team))
  return found?.[1].map((name) => name.toLowerCase())
}

/** Whether a person is in a team, by any spelling of the name. */
export function isMemberOf(person: string, team: string, governance: Governance): boolean {
  const members = Object.entries(governance.people).filter(([name]) => isAlikePerson(name, team))
  return isUser(person) && members.some(([, names]) => names.some((name) => isAlikePerson(`user:${name}`, person)))
}

/** Whether a person or team is one of some others, or a member of one of them. */
export function isAmong(person: string, others: readonly string[], governance: Governance): boolean {
  const bare = person.replace(/^user:/i, '').toLowerCase()
  return others.some(
    (other) => isSamePerson(person, other) || (isUser(person) && (membersOf(other, governance) ?? []).includes(bare)),
  )
}

/**
 * A warning about a team that nobody can be found in: with a forge, the forge knows it.
 * Where `people` is empty altogether, that is told once and not here.
 */
export function teamProblem(person: string, governance: Governance): Problem | null {
  const teams = Object.keys(governance.people)
  if (isUser(person) || teams.length === 0 || governance.forge.kind !== 'local') return null
  if (teams.some((team) => isSamePerson(team, person))) return null
  return {
    severity: 'warning',
    code: 'load/unknown-team',
    message: `\`people\` of policies/governance.yaml has no ${quoted(person)}`,
    hint: 'with the local forge nobody can approve for it: add the team and its members',
  }
}

function isUser(person: string): boolean {
  return /^user:/i.test(person)
}
