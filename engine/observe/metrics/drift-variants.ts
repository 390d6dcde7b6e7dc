// The drift metrics as other tools define them, under definition ids of their own: equal to the tool, number for number.
import type { CategorySummary, NumberSummary } from '../summarise/drift-column.ts'
import type { PairOfCounts } from './category-pairs.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { ksAsymptoticP } from './ks.ts'
import { type Measured, unknown } from './measured.ts'
import { deepchecksPsi, evidentlyPsi, popmonPsi } from './psi-variants.ts'

export interface Variant {
  readonly metric: string
  readonly variant: 'evidently' | 'nannyml' | 'deepchecks' | 'popmon' | 'asymptotic'
  readonly definition: string
  readonly measured: Measured
}

/** Those that the summary has the counts for. */
export function variantsOf(column: NumberSummary | CategorySummary): readonly Variant[] {
  return column.kind === 'number' ? numberVariants(column) : categoryVariants(column)
}

function numberVariants({ distances, variants }: NumberSummary): readonly Variant[] {
  if (distances === null) return []
  const of = (pairs: readonly PairOfCounts[] | null, measure: (pairs: readonly PairOfCounts[]) => Measured) =>
    pairs === null ? unknown('undefined', distances.m) : measure(pairs)
  const asymptotic: Variant = {
    metric: 'drift.ks_p',
    variant: 'asymptotic',
    definition: 'drift.ks_p/kstwo',
    measured: ksAsymptoticP(distances),
  }
  if (variants === null) return [asymptotic]
  return [
    asymptotic,
    {
      metric: 'drift.psi',
      variant: 'evidently',
      definition: 'psi/evidently/sturges-or-20-values',
      measured: of(variants.evidently, evidentlyPsi),
    },
    {
      metric: 'drift.jensen_shannon',
      variant: 'evidently',
      definition: 'drift.jensen_shannon/evidently/sturges-or-20-values',
      measured: of(variants.evidently, jensenShannon),
    },
    {
      metric: 'drift.hellinger',
      variant: 'evidently',
      definition: 'drift.hellinger/evidently/sturges-of-distinct',
      measured: variants.hellinger
        ? hellinger(variants.hellinger.pairs, variants.hellinger.stretch)
        : unknown('undefined', distances.m),
    },
    {
      metric: 'drift.jensen_shannon',
      variant: 'nannyml',
      definition: 'drift.jensen_shannon/nannyml/doane/base=2',
      measured: of(variants.nannyml, (pairs) => jensenShannon(pairs, 2)),
    },
  ]
}

/** Without a value on either side there is none of these. */
function categoryVariants({ pairs }: CategorySummary): readonly Variant[] {
  const [before, now] = [pairs.some(({ reference }) => reference > 0), pairs.some(({ current }) => current > 0)]
  if (!before || !now) return []
  return [
    { metric: 'drift.psi', variant: 'evidently', definition: 'psi/evidently/values', measured: evidentlyPsi(pairs) },
    {
      metric: 'drift.psi',
      variant: 'deepchecks',
      definition: 'psi/deepchecks/min=0.01',
      measured: deepchecksPsi(pairs),
    },
    { metric: 'drift.psi', variant: 'popmon', definition: 'psi/popmon/plus=1e-5', measured: popmonPsi(pairs) },
    {
      metric: 'drift.jensen_shannon',
      variant: 'evidently',
      definition: 'drift.jensen_shannon/evidently/values',
      measured: jensenShannon(pairs),
    },
    {
      metric: 'drift.hellinger',
      variant: 'evidently',
      definition: 'drift.hellinger/evidently/values',
      measured: hellinger(pairs),
    },
    {
      metric: 'drift.jensen_shannon',
      variant: 'nannyml',
      definition: 'drift.jensen_shannon/nannyml/values/base=2',
      measured: jensenShannon(unseenAsOne(pairs), 2),
    },
  ]
}

/** NannyML: the values that the reference lacks are one. */
function unseenAsOne(pairs: readonly PairOfCounts[]): readonly PairOfCounts[] {
  const known = pairs.filter(({ reference }) => reference > 0)
  const unseen = pairs.reduce((sum, pair) => sum + (pair.reference > 0 ? 0 : pair.values * pair.current), 0)
  return [...known, { reference: 0, current: unseen, values: 1 }]
}
