// Rules of the working folder that decide what a file is to Git: ignore rules, attributes, and the settings beside them.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import type { Repository } from './find-repository.ts'
import { type IgnoreRule, parseIgnoreRules } from './ignore-rules.ts'
import { type AttributeRule, normaliseLineEnds, parseAttributes, type TextHandling, textHandling } from './line-ends.ts'
import { NOT_A_FILE, readWholeFile } from './plain-file.ts'

/** Ignore and attributes files of a working tree, read as their folders are met. */
export class WorktreeRules {
  readonly #root: string
  readonly #repository: Repository
  readonly #attributes = new Map<string, readonly AttributeRule[]>()
  #handlingAbove: { readonly own: readonly AttributeRule[]; readonly top: readonly AttributeRule[] } | null = null
  readonly #autocrlf: boolean

  constructor(repository: Repository, root: string) {
    this.#repository = repository
    this.#root = root
    const autocrlf = repository.config.get('core.autocrlf')?.toLowerCase()
    this.#autocrlf = autocrlf === 'input' || repository.config.isOn('core.autocrlf') === true
  }

  /** The rules that hold above the top folder's own .gitignore: the user's, then the repository's. */
  baseIgnoreRules(): IgnoreRule[] {
    return [
      ...parseIgnoreRules(readText(this.#userFile('core.excludesFile', 'ignore')), ''),
      ...parseIgnoreRules(readText(join(this.#repository.commonDir, 'info/exclude')), ''),
    ]
  }

  /** The rules that stand in one folder (`''` for the top). */
  ignoreRulesIn(folder: string): IgnoreRule[] {
    return parseIgnoreRules(readText(join(this.#root, folder, '.gitignore')), folder)
  }

  /** What Git would store for the bytes of a file. `stored` yields what it stores now. */
  normalise(path: string, bytes: Buffer, stored: () => Buffer | null): Buffer {
    if (!bytes.includes('\r\n')) return bytes
    return normaliseLineEnds(bytes, this.handlingOf(path), stored)
  }

  handlingOf(path: string): TextHandling {
    this.#handlingAbove ??= {
      own: parseAttributes(readText(this.#userFile('core.attributesFile', 'attributes')), ''),
      top: parseAttributes(readText(join(this.#repository.commonDir, 'info/attributes')), ''),
    }
    const { own, top } = this.#handlingAbove
    const names = path.split('/')
    const between = names.flatMap((_, i) => this.#attributesIn(names.slice(0, i).join('/')))
    return textHandling([...own, ...between, ...top], path, this.#autocrlf)
  }

  #attributesIn(folder: string): readonly AttributeRule[] {
    const known = this.#attributes.get(folder)
    if (known !== undefined) return known
    const rules = parseAttributes(readText(join(this.#root, folder, '.gitattributes')), folder)
    this.#attributes.set(folder, rules)
    return rules
  }

  #userFile(key: string, name: string): string {
    const configured = this.#repository.config.get(key)
    if (configured !== null) return configured.replace(/^~(?=\/)/, homedir())
    const xdg = process.env.XDG_CONFIG_HOME
    return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.config'), 'git', name)
  }
}

function readText(file: string): string {
  try {
    return readWholeFile(file)
      .toString('utf8')
      .replace(/^\ufeff/, '')
  } catch (error) {
    if (isAbsent(error) || ['EACCES', 'EISDIR', 'ELOOP', NOT_A_FILE].includes(errorCode(error))) return ''
    throw error
  }
}
