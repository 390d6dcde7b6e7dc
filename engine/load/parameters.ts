// The parameters of one policy: `$name` in the place of a number becomes its value, and what is never used is told.
import { nearestWord } from '../base/nearest-word.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Numeric, Scalar } from './policy-file.ts'
import { problemAtKey, problemOf } from './read-document.ts'
import type { YamlFile, YamlPath } from './read-yaml.ts'
import { quoted } from './schema-problems.ts'

/** The parameters of one policy: resolves `$name`, and knows which were never used. */
export class Parameters {
  readonly values: Readonly<Record<string, Scalar>>
  readonly diagnostics: Diagnostic[] = []
  private readonly used = new Set<string>()
  /** Declared, with a value that was refused already. */
  private readonly faulty = new Set<string>()
  private readonly yaml: YamlFile

  /** `declared` may have faulty entries, which are `undefined`. */
  constructor(yaml: YamlFile, declared: Readonly<Record<string, Scalar | undefined>> | undefined) {
    this.yaml = yaml
    const entries = Object.entries(declared ?? {})
    this.values = Object.fromEntries(entries.filter((entry): entry is [string, Scalar] => entry[1] !== undefined))
    for (const [name, value] of entries) if (value === undefined) this.faulty.add(name)
  }

  /** The number that stands at a path; `undefined` where there is none, or where it was told what is wrong. */
  number(written: Numeric | undefined, path: YamlPath): number | undefined {
    if (typeof written !== 'string') return written
    const value = this.scalar(written, path)
    if (value === undefined || typeof value === 'number') return value
    this.diagnostics.push(
      problemOf(this.yaml, path, {
        code: 'load/parameter-type',
        message: `parameter ${quoted(written.slice(1))} is ${quoted(String(value))}, but a number is due here`,
        hint: 'write it under `params` as a number, without quotes and unit',
      }),
    )
    return undefined
  }

  /** A value as it is, or that of the parameter it names. */
  scalar(written: Scalar, path: YamlPath): Scalar | undefined {
    if (typeof written !== 'string' || !written.startsWith('$')) return written
    const name = written.slice(1)
    this.used.add(name)
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined
    if (value === undefined && !this.faulty.has(name)) this.tellUnknown(name, path)
    return value
  }

  /** `params.<name>` of free-form rules and messages. */
  markUsedIn(expression: unknown): void {
    if (typeof expression === 'string') {
      for (const [, name] of expression.matchAll(/\bparams\.([A-Za-z0-9_]+)/g)) this.used.add(name ?? '')
    } else if (Array.isArray(expression)) {
      for (const part of expression) this.markUsedIn(part)
    } else if (typeof expression === 'object' && expression !== null) {
      for (const part of Object.values(expression)) this.markUsedIn(part)
    }
  }

  /** Of a rule that is faulty elsewhere: what it names is used all the same. */
  markAllUsedIn(path: YamlPath): void {
    let at: unknown = this.yaml.value
    for (const part of path) at = (at as Record<string | number, unknown> | undefined)?.[part]
    for (const [, name] of (JSON.stringify(at) ?? '').matchAll(/\$([A-Za-z0-9_]+)/g)) this.used.add(name ?? '')
    this.markUsedIn(at)
  }

  /** A number that nobody reads would be changed in the belief that it does something. */
  unused(): Diagnostic[] {
    return Object.keys(this.values)
      .filter((name) => !this.used.has(name))
      .map((name) =>
        problemAtKey(this.yaml, ['params', name], {
          code: 'load/unused-parameter',
          message: `parameter ${quoted(name)} is not used`,
          hint: `write \`$${name}\` where it belongs, or remove it`,
        }),
      )
  }

  private tellUnknown(name: string, path: YamlPath): void {
    const near = nearestWord(name, Object.keys(this.values))
    const hint = near === undefined ? `declare it: \`params: { ${name}: … }\`` : `did you mean \`$${near}\`?`
    this.diagnostics.push(
      problemOf(this.yaml, path, {
        code: 'load/unknown-parameter',
        message: `unknown parameter ${quoted(`$${name}`)}`,
        hint,
      }),
    )
  }
}
