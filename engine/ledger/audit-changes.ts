// What changed between two `run` entries against the entries that tell of it: policies, cards, waivers. The digests of the
// runs say what must be told, so neither Git nor the files are needed.
import { type AuditedEntry, type AuditPart, type RunGroup, textIn } from './audit-groups.ts'
import type { AuditProblem } from './audit-problem.ts'
import type { RunBody } from './entry-bodies.ts'
import { changesSince } from './recorded-changes.ts'

const KINDS: readonly string[] = ['policy-changed', 'card-changed', 'waiver-granted', 'waiver-expired']

/** Groups that nobody could open are passed over, and so is the change to the next one that is open. */
export class ChangeAudit implements AuditPart {
  private readonly report: (problem: AuditProblem) => void
  private last: RunBody | 'unknown' | null = null

  constructor(report: (problem: AuditProblem) => void) {
    this.report = report
  }

  see({ first, entries }: RunGroup): void {
    const [head] = entries
    if (head?.kind !== 'run') return
    const now = head.body as RunBody | null
    const before = this.last
    this.last = now ?? 'unknown'
    if (now === null || before === 'unknown') return
    const told = new Map<string, number>()
    for (const entry of entries) {
      if (!KINDS.includes(entry.kind)) continue
      const name = nameOf(entry)
      if (told.has(name))
        this.report({ code: 'audit/entry-without-change', where: `entry ${entry.index}`, actual: name })
      else told.set(name, entry.index)
    }
    for (const name of expected(before, now)) {
      if (!take(told, name))
        this.report({ code: 'audit/change-without-entry', where: `run at entry ${first}`, expected: name })
    }
    for (const [name, index] of told) {
      this.report({ code: 'audit/entry-without-change', where: `entry ${index}`, actual: name })
    }
  }

  /** Each group was compared with the one before it. */
  finish(): void {}
}

function expected(before: RunBody | null, now: RunBody): string[] {
  const changes = changesSince(before, now, []).map(({ kind, body }) => nameOf({ kind, body: { ...body } }))
  const waivers = Array.isArray(now.waivers) && (before === null || Array.isArray(before.waivers)) ? now.waivers : []
  const known = new Set(before === null ? [] : before.waivers)
  return [...changes, ...waivers.filter((id) => !known.has(id)).map((id) => `waiver-granted ${id}`)]
}

/** Of a large repository, whose `run` entry holds all cards as one digest, they are told one by one or all as one. */
function take(told: Map<string, number>, name: string): boolean {
  if (told.delete(name)) return true
  if (name !== 'card-changed (all)') return false
  const single = [...told.keys()].filter((key) => key.startsWith('card-changed '))
  for (const key of single) told.delete(key)
  return single.length > 0
}

function nameOf({ kind, body }: Pick<AuditedEntry, 'kind' | 'body'>): string {
  const fields = body ?? {}
  const id = textIn(fields, 'policy') || textIn(fields, 'model') || '(all)'
  return `${kind} ${kind.startsWith('waiver') ? textIn(fields, 'waiver') : id}`
}
