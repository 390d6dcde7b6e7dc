// One window as one metric sees it: the measurements of that metric in every live snapshot that shares the window.
// Which window a rule reads is metric-history.ts.
import { compareText } from '../base/order.ts'
import type { Subject } from '../domain/finding.ts'
import type { Instant, Window } from '../domain/instant.ts'
import type { LiveSnapshot, Measurement } from '../domain/snapshot.ts'
import { subjectText } from '../domain/snapshot.ts'

/** A measurement and the snapshot that holds it. */
export interface Reading {
  readonly measurement: Measurement
  readonly snapshot: LiveSnapshot
}

/** What a finding is about: the object that JSON prints, and the text used for waivers, messages and order. */
export interface NamedSubject {
  readonly subject: Subject | null
  readonly text: string | null
}

/** The subject of a measurement of the model as a whole: none. */
export const THE_MODEL: NamedSubject = { subject: null, text: null }
/** For rules without `each`. One list, so that windows keep their order of it. */
export const THE_MODEL_ALONE: readonly NamedSubject[] = [THE_MODEL]

/** All readings of one metric in one window, by subject. */
export class MetricWindow {
  readonly window: Window
  readonly start: Instant
  readonly end: Instant
  /** By the digest of their snapshot, then in stored order. */
  readonly readings: readonly Reading[]
  /** The definitions in use, sorted. */
  readonly definitions: readonly string[]
  /** Null where nothing is measured but the model as a whole. */
  private readonly named: Map<string, Reading> | null
  private readonly ofModel: Reading | undefined
  /** Of the list that was asked for last: rules of one metric mostly ask for the same. */
  private longer: { readonly of: readonly NamedSubject[]; readonly made: readonly NamedSubject[] } | null = null
  private inOrder: { readonly of: readonly NamedSubject[]; readonly made: readonly (Reading | undefined)[] } | null =
    null

  constructor(readings: readonly Reading[], first: LiveSnapshot) {
    this.window = first.window
    this.start = first.start
    this.end = first.end
    this.readings = readings
    this.definitions = definitionsOf(readings)
    let ofModel: Reading | undefined
    let named: Map<string, Reading> | null = null
    for (let i = 0; i < readings.length; i++) {
      const reading = readings[i]
      if (reading === undefined) continue
      const text = subjectText(reading.measurement)
      if (text === null) {
        ofModel ??= reading
        continue
      }
      named ??= new Map()
      if (!named.has(text)) named.set(text, reading)
    }
    this.named = named
    this.ofModel = ofModel
  }

  /** By subject text; where a window has it twice (a diagnostic), the first. */
  find(text: string | null): Reading | undefined {
    return text === null ? this.ofModel : this.named?.get(text)
  }

  /** By subject text and definition, for comparisons with a window of two definitions. */
  findAll(text: string | null): readonly Reading[] {
    return this.readings.filter((r) => subjectText(r.measurement) === text)
  }

  /** One reading a subject of the list, in its order. */
  along(subjects: readonly NamedSubject[]): readonly (Reading | undefined)[] {
    if (this.inOrder?.of !== subjects) this.inOrder = { of: subjects, made: subjects.map((s) => this.find(s.text)) }
    return this.inOrder.made
  }

  /** A list with what this window adds to it. */
  extended(list: readonly NamedSubject[], extend: () => readonly NamedSubject[]): readonly NamedSubject[] {
    if (this.longer?.of !== list) this.longer = { of: list, made: extend() }
    return this.longer.made
  }

  /** What is measured of an attribute as a whole, or of a pair of them, each name once. */
  attributes(): readonly string[] {
    const names = new Set<string>()
    for (const { measurement: m } of this.readings) {
      if (m.attribute !== undefined && m.group === undefined) names.add(m.attribute)
    }
    return [...names]
  }

  /** The measured groups or endpoints, by subject text. */
  measured(kind: 'group' | 'endpoint'): readonly NamedSubject[] {
    const found = new Map<string, NamedSubject>()
    for (const { measurement } of this.readings) {
      const text = subjectText(measurement)
      if (text === null || measurement[kind] === undefined || found.has(text)) continue
      found.set(text, { subject: subjectOf(measurement, kind), text })
    }
    return [...found.values()].sort((a, b) => compareText(a.text ?? '', b.text ?? ''))
  }

  /** The snapshot that stands for the window where no measurement can be named: that of the smallest digest. */
  get snapshot(): LiveSnapshot | undefined {
    return this.readings[0]?.snapshot
  }
}

function subjectOf(m: Measurement, kind: 'group' | 'endpoint'): Subject {
  if (kind === 'endpoint') return { endpoint: m.endpoint ?? '' }
  return m.attribute === undefined ? { group: m.group ?? '' } : { attribute: m.attribute, group: m.group ?? '' }
}

/** A definition is opaque; a measurement without one has the metric's id. */
export function definitionOf(m: Measurement): string {
  return m.definition ?? m.metric
}

function definitionsOf(readings: readonly Reading[]): readonly string[] {
  const first = readings[0] === undefined ? null : definitionOf(readings[0].measurement)
  if (first === null) return []
  if (readings.every((r) => definitionOf(r.measurement) === first)) return [first]
  return [...new Set(readings.map((r) => definitionOf(r.measurement)))].sort(compareText)
}
