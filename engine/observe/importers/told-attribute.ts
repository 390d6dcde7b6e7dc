// `--attribute`: the card's name of the protected attribute that a file is about, where the file has no name or another one.
// A file of several attributes, or of one that the card has under the file's name, is told otherwise: that is said, never guessed.
import { compareText } from '../../base/order.ts'
import type { ImportedMeasurement, Subject } from './imported.ts'

export type Named =
  | { readonly kind: 'named'; readonly measurements: readonly ImportedMeasurement[]; readonly instead: string | null }
  | { readonly kind: 'unclear'; readonly message: string; readonly hint: string }

/** `inCard`: the card's protected attributes. `instead`: the file's own name, where it was another. */
export function withToldAttribute(
  measurements: readonly ImportedMeasurement[],
  told: string,
  inCard: readonly string[],
): Named {
  const names = [...new Set(measurements.flatMap(attributesOf))].sort(compareText)
  const listed = names.map((name) => `\`${name}\``).join(', ')
  const [only, ...more] = names
  if (only === undefined) {
    return {
      kind: 'unclear',
      message: `no number in it is of a protected attribute, so \`--attribute ${told}\` means nothing`,
      hint: 'leave the option out',
    }
  }
  if (names.includes(told)) return { kind: 'named', measurements, instead: null }
  if (more.length > 0) {
    return {
      kind: 'unclear',
      message: `it names ${listed}: \`--attribute ${told}\` may stand for any of them`,
      hint: 'rename the column in the file, or the attribute in the card',
    }
  }
  if (inCard.includes(only)) {
    return {
      kind: 'unclear',
      message: `it is of ${listed}, which the card has: \`--attribute ${told}\` says otherwise`,
      hint: `leave the option out, or name \`${only}\``,
    }
  }
  const renamed = measurements.map((one) => ({ ...one, subject: renamedIn(one.subject, only, told) }))
  return { kind: 'named', measurements: renamed, instead: only }
}

function attributesOf({ subject }: ImportedMeasurement): readonly string[] {
  if (subject.kind === 'attribute') return [subject.name]
  return subject.kind === 'group' ? Object.keys(subject.group) : []
}

function renamedIn(subject: Subject, from: string, to: string): Subject {
  if (subject.kind === 'attribute' && subject.name === from) return { kind: 'attribute', name: to }
  if (subject.kind !== 'group') return subject
  const entries = Object.entries(subject.group).map(([name, value]) => [name === from ? to : name, value])
  return { kind: 'group', group: Object.fromEntries(entries) }
}
