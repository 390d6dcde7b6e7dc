// Paths into the value of a YAML file: from the pointers of a validator, and as people read them.
import { visibleText } from '../base/visible-text.ts'
import type { YamlPath } from './read-yaml.ts'

/** JSON pointer → path into a value, list positions as numbers. */
export function pathOf(pointer: string, value: unknown): YamlPath {
  if (pointer === '') return []
  let at = value
  return pointer
    .slice(1)
    .split('/')
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const key = Array.isArray(at) ? Number(name) : name
      at = (at as Record<string | number, unknown> | undefined)?.[key]
      return key
    })
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value
  for (const part of path) at = (at as Record<string | number, unknown> | null | undefined)?.[part]
  return at
}

/** `require[2].atLeast` */
export function readablePath(path: YamlPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? visibleText(part, 60) : `${text}.${visibleText(part, 60)}`
  }, '')
}

/** The last name of a path that is no list position; empty where there is none. */
export function lastName(path: YamlPath): string {
  return String([...path].reverse().find((part) => typeof part === 'string') ?? '')
}
