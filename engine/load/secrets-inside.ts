// Secrets that governance.yaml names as files of the repository itself: whoever can read it would have them.
import { posix } from 'node:path'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { GovernanceFile } from './governance-file.ts'
import { type Document, problemOf } from './read-document.ts'
import type { YamlPath } from './read-yaml.ts'
import { quoted } from './schema-problems.ts'

/** Of paths that are relative to the repository; an absolute one is known to be inside only where it is on a disk. */
export function secretsInside({ yaml, sound }: Document<GovernanceFile>): Diagnostic[] {
  return secretFiles(sound, []).flatMap(([path, file]) =>
    isOutside(file)
      ? []
      : problemOf(yaml, path, {
          code: 'load/secret-in-repository',
          message: `the secret ${quoted(file)} would be a file of the repository`,
          hint: 'name a file outside it, or a variable, `env:NAME`; make a new secret if this one was committed',
        }),
  )
}

function secretFiles(value: unknown, path: YamlPath): (readonly [YamlPath, string])[] {
  if (typeof value === 'string') return value.startsWith('file:') ? [[path, value.slice('file:'.length)]] : []
  if (Array.isArray(value)) return value.flatMap((inner, index) => secretFiles(inner, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => secretFiles(inner, [...path, name]))
}

/** Nothing under `.git/` is in a tree. `C:/…` is absolute, and `~` is nobody's home here: it is not expanded. */
function isOutside(file: string): boolean {
  const path = posix.normalize(file.replaceAll('\\', '/'))
  return posix.isAbsolute(path) || /^[A-Za-z]:/.test(path) || path.startsWith('../') || path.startsWith('.git/')
}
