// What only all cards together can tell: policies that select no model, deployments without an enforcement file, former ids
// that collide. Cards are seen one by one and not held.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import { compileSelector } from '../domain/selector.ts'
import { problemOfFile } from './repository-files.ts'
import { problemAt } from './source-text.ts'

/** Of a card what is always asked; the card itself only while there are policies that selected none. */
export interface SeenCard {
  readonly id: string
  readonly formerly: readonly string[]
  readonly environments: readonly string[]
  card(): ModelCard
}

/** Shown every card once, it knows what none of them answers to. */
export interface SelectorMatches {
  see(card: ModelCard): void
  /** The same for a card that may not be at hand. */
  seeHead(card: SeenCard): void
  /** Warnings, and errors of former ids; sorted by nobody. Ask when all cards were seen. */
  unmatched(): Diagnostic[]
}

/** Begin before the first card; see `SelectorMatches`. */
export function selectorMatches(rulebook: Rulebook): SelectorMatches {
  let left = rulebook.policies.map((policy) => ({ policy, selects: compileSelector(policy.appliesTo) }))
  let seen = 0
  const ids = new Set<string>()
  const former = new Map<string, string[]>()
  const unenforced = new Map<string, string>()
  const seeHead = ({ id, formerly, environments, card }: SeenCard) => {
    seen++
    ids.add(id)
    for (const one of formerly) former.set(one, [...(former.get(one) ?? []), id])
    for (const environment of environments) {
      if (!rulebook.enforcement.has(environment) && !unenforced.has(environment)) unenforced.set(environment, id)
    }
    if (left.length === 0) return
    const whole = card()
    left = left.filter(({ selects }) => !selects(whole))
  }
  return {
    see: (card) =>
      seeHead({
        id: card.id,
        formerly: card.formerly ?? [],
        environments: deploymentsOf(card).map(({ environment }) => environment),
        card: () => card,
      }),
    seeHead,
    unmatched: () => [
      ...(seen === 0 ? [] : left.map(({ policy }) => matchesNothing(policy))),
      ...[...unenforced].map(([environment, model]) => lacksEnforcement(environment, model)),
      ...formerIds(former, ids),
    ],
  }
}

function matchesNothing(policy: Policy): Diagnostic {
  return problemAt(policy.appliesToPlace ?? policy.place, {
    severity: 'warning',
    code: 'load/selects-nothing',
    message: `\`appliesTo\` of policy \`${policy.id}\` selects no model`,
    hint: 'widen a line of it; or leave it until there is such a model',
  })
}

function lacksEnforcement(environment: string, model: string): Diagnostic {
  return problemOfFile(`policies/enforcement/${environment}.yaml`, {
    severity: 'warning',
    code: 'load/no-enforcement',
    message: `there is no such file, so every policy is advisory in \`${environment}\`, where \`${model}\` is deployed`,
    hint: 'add it, or correct the environment on the card',
  })
}

function formerIds(former: ReadonlyMap<string, readonly string[]>, ids: ReadonlySet<string>): Diagnostic[] {
  return [...former].flatMap(([id, cards]) => {
    const [first, second] = cards
    if (first === undefined || (second === undefined && !ids.has(id))) return []
    const message = ids.has(id)
      ? `\`formerly\` names \`${id}\`, which is a model of its own`
      : `both \`${first}\` and \`${second}\` say that they were formerly \`${id}\``
    const hint = ids.has(id) ? 'remove it from `formerly`, or rename that model' : 'remove it from one of the two'
    return [problemOfFile(`models/${second ?? first}/card.yaml`, { code: 'load/former-id', message, hint })]
  })
}
