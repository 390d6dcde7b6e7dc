// What a schema error says to the person who wrote the file: one diagnostic, at the key or value that is wrong.
import { nearestWord } from '../base/nearest-word.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { nearForm } from './near-form.ts'
import type { YamlFile, YamlPath } from './read-yaml.ts'
import type { JsonSchema, SchemaError } from './schema-kind.ts'
import { schemasAt } from './schema-walk.ts'
import type { Problem } from './source-text.ts'
import { wantedHint, wantedValue } from './wanted-value.ts'
import { lastName, pathOf, readablePath, valueAt } from './yaml-path.ts'
import { looksLikeNumber } from './yaml-scalar.ts'

/** A violation with its place in the value; `path` names what must not be trusted. */
export interface Violation {
  readonly path: YamlPath
  readonly diagnostic: Diagnostic
}

/** `null` for errors that only repeat what others say. */
export function describeError(error: SchemaError, yaml: YamlFile, schema: JsonSchema): Violation | null {
  const path = pathOf(error.instancePath, yaml.value)
  const wrong: Wrong = { error, path, yaml, value: valueAt(yaml.value, path), schema }
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(wrong)
    case 'required':
      return missingField(wrong)
    case 'dependentRequired':
      return missingField(wrong)
    case 'false schema':
      return atKey(wrong, {
        code: 'load/field-not-here',
        message: `\`${lastName(path)}\` does not belong in this kind of rule`,
        hint: 'a metric rule compares a measurement, a card rule tests a field, `failsWhen` stands alone',
      })
    case 'oneOf':
      return oneForm(wrong)
    case 'type':
      return wrongType(wrong)
    case 'const':
      return wrongConstant(wrong)
    case 'enum':
      return notAllowed(wrong)
    case 'pattern':
      return error.propertyName === undefined ? wrongText(wrong) : wrongName(wrong, error.propertyName)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return outOfRange(wrong)
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
      return wrongCount(wrong)
    default:
      return null
  }
}

interface Wrong {
  readonly error: SchemaError
  readonly path: YamlPath
  readonly yaml: YamlFile
  readonly value: unknown
  readonly schema: JsonSchema
}

function unknownField(wrong: Wrong): Violation {
  const name = String(wrong.error.params.additionalProperty)
  const known = [...new Set(schemasAt(wrong.schema, wrong.path).flatMap((s) => Object.keys(s.properties ?? {})))]
  const near = nearestWord(name, known)
  const path = [...wrong.path, name]
  const hint =
    decimalComma(wrong.yaml, path) ??
    (near === undefined ? `fields here: ${known.join(', ')}` : `did you mean \`${near}\`?`)
  return atKey({ ...wrong, path }, { code: 'load/unknown-field', message: `unknown field ${quoted(name)}`, hint })
}

/** `{ atLeast: 0,7 }` is `atLeast: 0` and a field `7` to YAML. */
function decimalComma(yaml: YamlFile, path: YamlPath): string | null {
  const { start } = yaml.keySpan(path)
  const [, whole] = /(?:^|[\s:[{])([+-]?\d+),$/.exec(yaml.source.text.slice(Math.max(0, start - 30), start)) ?? []
  const name = lastName(path)
  if (whole === undefined || !/^\d+$/.test(name)) return null
  return `a comma ends a value here: write the number with a point, \`${whole}.${name}\``
}

function missingField(wrong: Wrong): Violation | null {
  if (wrong.error.schemaPath.includes('/oneOf/')) return null
  const name = String(wrong.error.params.missingProperty)
  const within = wrong.path.length === 0 ? 'the file' : `\`${readablePath(wrong.path)}\``
  const wanted = wantedValue(schemasAt(wrong.schema, [...wrong.path, name]))
  const hint = `add \`${name}\`${wanted === null ? '' : `: ${wanted}`}`
  return atKey(wrong, { code: 'load/missing-field', message: `${within} lacks \`${name}\``, hint })
}

function oneForm(wrong: Wrong): Violation {
  return atKey(wrong, {
    code: 'load/rule-form',
    message: 'a rule has exactly one of `metric`, `card` and `failsWhen`',
    hint: 'make a rule of its own of each',
  })
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
}

function wrongType(wrong: Wrong): Violation {
  const wanted = [wrong.error.params.type].flat().map(String)
  const { value } = wrong
  const written = sourceOf(wrong)
  if (typeof value === 'number' && wanted.includes('string')) return unquotedText(wrong, written)
  if (typeof value === 'string' && wanted.some((t) => t === 'number' || t === 'integer') && looksLikeNumber(value)) {
    return quotedNumber(wrong)
  }
  const words = wanted.map((type) => TYPE_WORDS[type] ?? type).join(' or ')
  const isUnquoted = typeof value === 'boolean' && wanted.includes('string')
  const hint = isUnquoted ? `quote it: \`"${written}"\`` : (wantedHere(wrong) ?? `write ${words}`)
  return atValue(wrong, {
    code: 'load/wrong-type',
    message: `\`${readablePath(wrong.path) || 'the file'}\` must be ${words}, not ${nameOf(value)}`,
    hint,
  })
}

/** `version: 1.10` is the number 1.1 to YAML: the source text says what was meant. */
function unquotedText(wrong: Wrong, written: string): Violation {
  const name = lastName(wrong.path)
  const isVersion = name === 'version'
  const what = schemasAt(wrong.schema, wrong.path).find((s) => s.title !== undefined && s.pattern !== '\\S')?.title
  if (!isVersion && what !== undefined && wrong.path.length > 0) {
    return atValue(wrong, {
      code: 'load/wrong-type',
      message: `\`${readablePath(wrong.path)}\` must be ${what}, not the number \`${written}\``,
      hint: wantedHere(wrong) ?? `write ${what}`,
    })
  }
  const read = String(wrong.value) === written ? 'a number' : `the number ${String(wrong.value)}`
  return atValue(wrong, {
    code: isVersion ? 'load/unquoted-version' : 'load/wrong-type',
    message: `${isVersion ? 'the version' : `\`${readablePath(wrong.path)}\``} \`${written}\` is not in quotes, so YAML reads ${read}`,
    hint: `write \`"${written}"\``,
  })
}

function quotedNumber(wrong: Wrong): Violation {
  return atValue(wrong, {
    code: 'load/quoted-number',
    message: `\`${readablePath(wrong.path)}\` must be a number, but it is in quotes`,
    hint: `write \`${String(wrong.value)}\` without quotes`,
  })
}

function wrongConstant(wrong: Wrong): Violation | null {
  const wanted = String(wrong.error.params.allowedValue)
  const name = lastName(wrong.path)
  if (name !== 'apiVersion' && name !== 'kind') return null
  const message = `\`${name}\` is ${shown(wrong.value)}; a file here has \`${wanted}\``
  return atValue(wrong, {
    code: name === 'kind' ? 'load/wrong-kind' : 'load/api-version',
    message,
    hint: `write \`${name}: ${wanted}\``,
  })
}

function notAllowed(wrong: Wrong): Violation {
  const allowed = [wrong.error.params.allowedValues].flat().map(String)
  const near = typeof wrong.value === 'string' ? nearestWord(wrong.value, allowed) : undefined
  return atValue(wrong, {
    code: 'load/not-allowed',
    message: `\`${readablePath(wrong.path)}\` cannot be ${shown(wrong.value)}`,
    hint: near === undefined ? `one of: ${allowed.join(', ')}` : `did you mean \`${near}\`?`,
  })
}

function wrongText(wrong: Wrong): Violation {
  const schemas = schemasAt(wrong.schema, wrong.path)
  const takesNumber = schemas.some((s) => [s.type].flat().includes('number'))
  if (takesNumber && typeof wrong.value === 'string' && looksLikeNumber(wrong.value)) return quotedNumber(wrong)
  const title = titleOf(wrong, schemas)
  if (schemas.some((s) => s.writeOnly === true)) return secretInFile(wrong, title)
  return atValue(wrong, {
    code: 'load/wrong-form',
    message: `${shown(wrong.value)} is not ${title}`,
    hint: formHint(wrong, String(wrong.value), schemas),
  })
}

function wrongName(wrong: Wrong, name: string): Violation {
  const names = schemasAt(wrong.schema, wrong.path).flatMap((s) =>
    s.propertyNames === undefined
      ? []
      : schemasAt({ ...(s.propertyNames as JsonSchema), $defs: wrong.schema.$defs ?? {} }, []),
  )
  const path = [...wrong.path, name]
  return atKey(
    { ...wrong, path },
    {
      code: 'load/wrong-form',
      message: `${quoted(name)} is not ${titleOf(wrong, names)}`,
      hint: formHint(wrong, name, names),
    },
  )
}

/** A secret that was pasted into the file is not repeated where logs keep it. */
function secretInFile(wrong: Wrong, title: string): Violation {
  return atValue(wrong, {
    code: 'load/secret-in-file',
    message: `\`${readablePath(wrong.path)}\` is not ${title}`,
    hint: 'put the secret itself into the variable or the file, and make a new one if this one was committed',
  })
}

function formHint(wrong: Wrong, written: string, schemas: readonly JsonSchema[]): string {
  const near = nearForm(written, String(wrong.error.params.pattern))
  if (near === null) return wantedHint(schemas) ?? `write ${titleOf(wrong, schemas)}`
  const [, name] = /^team:(.+)$/.exec(near) ?? []
  return name === undefined ? `write \`${near}\`` : `write \`user:${name}\` for one person, \`${near}\` for a group`
}

function wantedHere(wrong: Wrong): string | null {
  return wantedHint(schemasAt(wrong.schema, wrong.path))
}

/** What a pattern means, as its schema says. */
function titleOf(wrong: Wrong, schemas: readonly JsonSchema[]): string {
  const { pattern } = wrong.error.params
  return schemas.find((s) => s.pattern === pattern)?.title ?? `of the form ${String(pattern)}`
}

const RANGE_WORDS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'above',
  exclusiveMaximum: 'below',
}

function outOfRange(wrong: Wrong): Violation {
  const words = `${RANGE_WORDS[wrong.error.keyword] ?? ''} ${String(wrong.error.params.limit)}`
  return atValue(wrong, {
    code: 'load/out-of-range',
    message: `\`${readablePath(wrong.path)}\` is ${String(wrong.value)}; it must be ${words}`,
    hint: `write a number ${words}`,
  })
}

function wrongCount(wrong: Wrong): Violation {
  const limit = Number(wrong.error.params.limit)
  const bound = wrong.error.keyword === 'maxItems' ? 'at most' : 'at least'
  return atValue(wrong, {
    code: 'load/wrong-count',
    message: `\`${readablePath(wrong.path)}\` must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`,
    hint:
      bound === 'at most'
        ? 'leave some out'
        : `add ${limit === 1 ? 'one' : 'more'}: ${wantedHere(wrong) ?? 'there are too few'}`,
  })
}

function atKey(wrong: Wrong, problem: Problem): Violation {
  const span = wrong.yaml.keySpan(wrong.path)
  return { path: wrong.path, diagnostic: wrong.yaml.source.problem(span, problem) }
}

function atValue(wrong: Wrong, problem: Problem): Violation {
  const span = wrong.yaml.valueSpan(wrong.path)
  return { path: wrong.path, diagnostic: wrong.yaml.source.problem(span, problem) }
}

function sourceOf(wrong: Wrong): string {
  const { start, end } = wrong.yaml.valueSpan(wrong.path)
  return visibleText(wrong.yaml.source.text.slice(start, end), 60)
}

/** The user's words in backticks, cut where long. */
export function quoted(text: string): string {
  return `\`${visibleText(text, 80)}\``
}

function shown(value: unknown): string {
  return value === null || typeof value === 'object' ? nameOf(value) : quoted(String(value))
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${quoted(String(value))}`
}
