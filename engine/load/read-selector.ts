// `appliesTo`: lines over fields of the card, all of which must hold, and what `not` excludes.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Selector } from '../domain/policy.ts'
import { cardField, cardFieldNames, cardPath, NO_CARD_FIELD } from './card-field.ts'
import { nearOr } from './load-governance.ts'
import type { Scalar, SelectorFile } from './policy-file.ts'
import { impossibleValue } from './read-card-rule.ts'
import { type Partially, problemAtKey, problemOf } from './read-document.ts'
import type { YamlFile, YamlPath } from './read-yaml.ts'
import { quoted } from './schema-problems.ts'

/** Faulty lines are told and left out. */
export function readSelector(
  file: Partially<SelectorFile> | undefined,
  yaml: YamlFile,
  tell: (diagnostic: Diagnostic) => void,
  path: YamlPath = ['appliesTo'],
): Selector {
  const lines = Object.entries(file ?? {}).filter(([name, value]) => name !== 'not' && value !== undefined)
  const all = lines.flatMap(([name, value]) => {
    const anyOf = [value].flat() as readonly (Scalar | undefined)[]
    checkLine(name, anyOf, yaml, tell, [...path, name])
    return [{ path: cardPath(name), anyOf: anyOf.filter((item) => item !== undefined) }]
  })
  const not = file?.not
  return {
    all,
    not: not === undefined ? null : readSelector(not as Partially<SelectorFile>, yaml, tell, [...path, 'not']),
  }
}

function checkLine(
  name: string,
  anyOf: readonly (Scalar | undefined)[],
  yaml: YamlFile,
  tell: (diagnostic: Diagnostic) => void,
  path: YamlPath,
): void {
  const field = cardField(name)
  if (field === null) {
    const hint = nearOr(name, cardFieldNames(), NO_CARD_FIELD)
    tell(
      problemAtKey(yaml, path, {
        code: 'load/unknown-card-field',
        message: `a model card has no field ${quoted(name)}`,
        hint,
      }),
    )
    return
  }
  anyOf.forEach((value, index) => {
    const problem = value === undefined ? null : impossibleValue(value, field, name)
    if (problem !== null) tell(problemOf(yaml, [...path, index], { code: 'load/impossible-value', ...problem }))
  })
}
