// policies/frameworks/<id>.yaml: a catalogue of controls that policies give evidence for. Data, never code.
import type { Diagnostic } from '../domain/diagnostic.ts'
import { isRealDay } from '../domain/instant.ts'
import type { Framework } from '../domain/policy.ts'
import { idHint } from './id-hint.ts'
import { noSuchDay } from './no-such-day.ts'
import type { FrameworkFile } from './policy-file.ts'
import { type Document, placeOf, problemAtKey, problemOf, readDocument } from './read-document.ts'
import { fileName } from './repository-files.ts'

/** One control catalogue, read as far as it can be. */
export interface LoadedFramework {
  readonly id: string
  /** `framework/control`, as far as they could be read. */
  readonly controls: readonly string[]
  /** Null with errors. */
  readonly framework: Framework | null
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/** One control catalogue; its problems are returned, never thrown. */
export function loadFramework(file: string, bytes: Uint8Array): LoadedFramework {
  const document = readDocument<FrameworkFile>('framework', file, bytes)
  const { yaml, sound, value } = document
  const id = fileName(file)
  const controls = (sound?.controls ?? []).flatMap((control) =>
    control?.id === undefined ? [] : [`${id}/${control.id}`],
  )
  const framework =
    value === null
      ? null
      : { id, title: value.title, authority: value.authority, controls: value.controls, place: placeOf(yaml, []) }
  return { id, controls, framework, value, diagnostics: [...document.diagnostics, ...checkFramework(document, id)] }
}

const DAYS = ['effectiveFrom', 'effectiveTo', 'lastVerified'] as const

function checkFramework({ yaml, sound }: Document<FrameworkFile>, name: string): Diagnostic[] {
  const found: Diagnostic[] = []
  if (sound?.id !== undefined && sound.id !== name) {
    const hint = idHint(sound.id, name, 'file')
    found.push(
      problemOf(yaml, ['id'], {
        code: 'load/id-and-file',
        message: `the id \`${sound.id}\` is not the file's name`,
        hint,
      }),
    )
  }
  const seen = new Set<string>()
  sound?.controls?.forEach((control, index) => {
    const path = ['controls', index]
    if (control?.id !== undefined) {
      if (seen.has(control.id)) {
        const message = `two controls have the id \`${control.id}\``
        const hint = 'give each an id of its own, or remove one'
        found.push(problemAtKey(yaml, [...path, 'id'], { code: 'load/repeated-id', message, hint }))
      }
      seen.add(control.id)
    }
    for (const field of DAYS) {
      const day = control?.[field]
      if (day === undefined || isRealDay(day)) continue
      found.push(problemOf(yaml, [...path, field], noSuchDay(day)))
    }
  })
  return found
}
