// The figures that Python gave for the full data (../shared/data, where it exists), and a snapshot's figures beside them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { PROJECT } from './counts-csv.ts'

export const DATA = join(PROJECT, '../shared/data')
export const NO_DATA = existsSync(DATA) ? false : 'the full data (../shared/data) are not on this machine'

export interface ExpectedGroups {
  readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly [gap: string]: unknown
}

export type ExpectedWindow = Readonly<Record<string, unknown>> & {
  readonly performance: Readonly<Record<string, number | null>>
  readonly drift: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** By name, of one folder. */
export function expectedWindows(folder: string): [string, ExpectedWindow][] {
  return Object.entries(JSON.parse(readFileSync(join(DATA, folder, 'expected.json'), 'utf8')).windows)
}

export function checkPerformance(snapshot: Snapshot, expected: ExpectedWindow, names: readonly string[]): void {
  for (const name of names) {
    close(
      figure(snapshot, `performance.${name}`),
      expected.performance[name] ?? Number.NaN,
      `${snapshot.window.start} ${name}`,
    )
  }
  close(figure(snapshot, 'performance.label_rate'), expected.performance.label_rate ?? Number.NaN, 'label rate')
}

export function checkGroups(snapshot: Snapshot, attribute: string, expected: ExpectedGroups): void {
  for (const [group, rates] of Object.entries(expected.groups)) checkRates(snapshot, attribute, group, rates)
  for (const gap of GAPS) {
    const measured = find(snapshot, `fairness.${gap}`, { attribute })
    // Without any negative label there is no false positive rate to compare, where Fairlearn counts 0.
    if (measured?.reason === 'fewer_than_two_groups' && snapshot.window.start === '2014-05-01T00:00:00Z') continue
    close(measured?.value ?? Number.NaN, Number(expected[gap]), `${snapshot.window.start} ${attribute} ${gap}`)
  }
}

const GAPS = [
  'demographic_parity_difference',
  'demographic_parity_ratio',
  'equal_opportunity_difference',
  'equalized_odds_difference',
]

/** Fairlearn counts a rate without a denominator as 0; here it is null with its reason. */
export function checkRates(
  snapshot: Snapshot,
  attribute: string,
  group: string,
  rates: Readonly<Record<string, number>>,
): void {
  for (const name of ['selection_rate', 'tpr', 'fpr', 'fnr'].filter((rate) => rate in rates)) {
    const measured = find(snapshot, `fairness.${name}`, { attribute, group })
    if (measured?.value === null) assert.ok(measured.reason)
    else close(measured?.value ?? Number.NaN, rates[name] ?? Number.NaN, `${snapshot.window.start} ${group} ${name}`)
  }
}

type Place = Partial<Pick<Measurement, 'feature' | 'attribute' | 'group' | 'endpoint'>>

const PLACES = ['feature', 'attribute', 'group', 'endpoint'] as const

export function find(snapshot: Snapshot | undefined, metric: string, place: Place = {}): Measurement | undefined {
  return snapshot?.measurements.find((m) => m.metric === metric && PLACES.every((part) => m[part] === place[part]))
}

export function figure(snapshot: Snapshot | undefined, metric: string, place: Place = {}): number {
  return find(snapshot, metric, place)?.value ?? Number.NaN
}

export function close(got: number, expected: number, where: string): void {
  assert.ok(
    Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${where}: ${got} instead of ${expected}`,
  )
}
