// A policy's own message as a template: `{value}`, `{limit}`, … in a sentence of its language.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'

const PLACEHOLDERS = [
  'value',
  'limit',
  'subject',
  'model',
  'metric',
  'margin',
  'n',
  'unit',
  'before',
  'change',
  'adjusted',
  'policy',
  'rule',
  'title',
  'version',
  'environment',
] as const

/** What may stand in braces in a policy's `message`. */
export type Placeholder = (typeof PLACEHOLDERS)[number]

/** Text at even places, placeholders at odd ones. Unknown placeholders are text. */
export type Template = readonly (string | Placeholder)[]

const PLACEHOLDER = /\{([A-Za-z]+)\}/g

/** Splits a message once, so that many findings can fill it. */
export function compileTemplate(text: string): Template {
  const parts: string[] = []
  let literal = ''
  let last = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    literal += text.slice(last, match.index)
    last = match.index + match[0].length
    const name = match[1] ?? ''
    if (isPlaceholder(name)) {
      parts.push(literal, name)
      literal = ''
    } else literal += match[0]
  }
  parts.push(literal + text.slice(last))
  return parts
}

/** `null` where a placeholder has no value for this finding. */
export function fillTemplate(template: Template, textOf: (name: Placeholder) => string | null): string | null {
  let text = template[0] ?? ''
  for (let i = 1; i < template.length; i += 2) {
    const value = textOf(template[i] as Placeholder)
    if (value === null) return null
    text += value + (template[i + 1] ?? '')
  }
  return text
}

/** Placeholders that no finding fills: one warning each and language, at its message. */
export function messageDiagnostics(rulebook: Rulebook): Diagnostic[] {
  return rulebook.policies.flatMap((policy) =>
    (['pt', 'en'] as const).flatMap((language) => {
      const used = [...(policy.message[language] ?? '').matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')
      const unknown = [...new Set(used)].filter((name) => !isPlaceholder(name))
      return unknown.sort(compareText).map((name) => ({
        ...(policy.messagePlaces?.[language] ?? policy.place),
        severity: 'warning' as const,
        code: 'evaluate/unknown-placeholder' as const,
        message: `unknown placeholder \`{${name}}\` in \`message.${language}\``,
        hint: `placeholders: ${PLACEHOLDERS.map((p) => `{${p}}`).join(' ')}`,
      }))
    }),
  )
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name)
}
