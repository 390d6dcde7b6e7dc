// One value of plain data in a file of its own, under a key of what it was made from.
import { parseChecked, serialiseChecked } from '../base/checked-file.ts'
import type { CacheFolder } from '../world.ts'
import { type BareClass, parsePlain, plainJson } from './plain-value.ts'

export interface KeptValue {
  readonly folder: CacheFolder
  readonly name: string
  /** Of everything that the value depends on but the engine. */
  readonly key: string
  readonly bare: BareClass
}

/** Undefined where there is none of this key. */
export function recallValue({ folder, name, key, bare }: KeptValue): unknown {
  const bytes = folder.read(name)
  const file = bytes === null ? null : parseChecked(bytes, folder.engine)
  if (file === null || file.header !== key) return undefined
  return parsePlain(Buffer.from(file.body).toString('utf8'), bare)
}

/** Never faults. What is no plain data is not kept. */
export function keepValue({ folder, name, key, bare }: KeptValue, value: unknown): void {
  const json = plainJson(value, bare)
  if (json === null || !json.isWellFormed()) return
  folder.write(name, serialiseChecked(folder.engine, key, [Buffer.from(json)]))
}
