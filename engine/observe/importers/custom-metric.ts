// The name of a tool's own metric in this repository: `custom.<tool>.<words>`, and the line that declares it.
import type { ImportedMeasurement } from './imported.ts'

/** `evidently.Max Value` → `custom.evidently.max_value`. Accents are taken off; other letters become `u<code>`. */
export function customId(name: string): string {
  const parts = name
    .split('.')
    .map(word)
    .filter((part) => part !== '')
  return ['custom', ...parts].join('.')
}

function word(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => `_u${letter.codePointAt(0)?.toString(16)}_`)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
}

const WORSE = { low: 'down', high: 'up' } as const
const SUBJECTS = { model: 'model', feature: 'feature', attribute: 'protected', group: 'group' } as const

/** One line under `metrics:` of governance.yaml; the unit is for people to mend. */
export function declarationOf({ name = '', worse, subject }: ImportedMeasurement): string {
  const title = JSON.stringify(name)
  const way = worse === null ? 'none' : WORSE[worse]
  const about = subject.kind === 'model' ? '' : `, subject: ${SUBJECTS[subject.kind]}`
  return `${customId(name)}: { title: { pt: ${title}, en: ${title} }, unit: number, worse: ${way}${about} }`
}
