// The gate's answer in words.
import type { Language } from '../domain/governance.ts'
import type { CountedApproval, GateProblem } from './gate.ts'
import { english, type GateWords } from './gate-words.en.ts'
import { portuguese } from './gate-words.pt.ts'

/** The words of the gate in a language. */
export function gateWords(language: Language): GateWords {
  return language === 'pt' ? portuguese : english
}

/** One sentence, lower case, without full stop. */
export function problemText(problem: GateProblem, language: Language): string {
  const sentence = gateWords(language).problems[problem.code] as (problem: GateProblem) => string
  return sentence(problem)
}

/** Why an approval does not count; null where it does. */
export function approvalText({ problem }: CountedApproval, language: Language): string | null {
  return problem === null ? null : gateWords(language).notCounted[problem]
}
