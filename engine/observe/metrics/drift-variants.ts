// The drift metrics as other tools define them, under definition ids of their own: equal to the tool, number for number.
import type { CategorySummary, NumberSummary } from '../summarise/drift-column.ts'
import { type PairOfCounts, pairTotals } from './category-pairs.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { ksAsymptoticP } from './ks.ts'
import { type Measured, unknown } from './measured.ts'
import { deepchecksPsi, evidentlyPsi, popmonPsi } from './psi-variants.ts'

export interface Variant {
  readonly metric: string
  readonly variant: string
  readonly definition: string
  readonly measured: Measured
}

/** A definition beside the catalogue's, as documents list it. */
export interface VariantDefinition {
  readonly metric: string
  readonly variant: string
  readonly definition: string
  readonly source: string
}

const [PSI, JENSEN_SHANNON, HELLINGER] = ['drift.psi', 'drift.jensen_shannon', 'drift.hellinger'] as const

/**
 * Every named variant of drift. Evidently and NannyML count numbers and categories in ways of their own, under one definition:
 * a rule of `each: feature` names it once.
 */
export const DRIFT_VARIANTS = {
  asymptotic: of('drift.ks_p', 'asymptotic', 'drift.ks_p/kstwo', "SciPy ks_2samp(method='asymp')"),
  evidentlyPsi: of(PSI, 'evidently', 'psi/evidently/values-or-sturges', 'Evidently 0.7 psi'),
  evidentlyJs: of(
    JENSEN_SHANNON,
    'evidently',
    'drift.jensen_shannon/evidently/values-or-sturges',
    'Evidently 0.7 jensenshannon',
  ),
  evidentlyHellinger: of(
    HELLINGER,
    'evidently',
    'drift.hellinger/evidently/values-or-sturges',
    'Evidently 0.7 hellinger',
  ),
  nannymlJs: of(
    JENSEN_SHANNON,
    'nannyml',
    'drift.jensen_shannon/nannyml/values-or-doane/base=2',
    'NannyML 0.13 jensen_shannon',
  ),
  evidentlyPsiOfValues: of(PSI, 'evidently', 'psi/evidently/values-or-sturges', 'Evidently 0.7 psi'),
  deepchecksPsi: of(PSI, 'deepchecks', 'psi/deepchecks/min=0.01', 'deepchecks, of categories'),
  popmonPsi: of(PSI, 'popmon', 'psi/popmon/plus=1e-5', 'popmon, of categories'),
  evidentlyJsOfValues: of(
    JENSEN_SHANNON,
    'evidently',
    'drift.jensen_shannon/evidently/values-or-sturges',
    'Evidently 0.7 jensenshannon',
  ),
  evidentlyHellingerOfValues: of(
    HELLINGER,
    'evidently',
    'drift.hellinger/evidently/values-or-sturges',
    'Evidently 0.7 hellinger',
  ),
  nannymlJsOfValues: of(
    JENSEN_SHANNON,
    'nannyml',
    'drift.jensen_shannon/nannyml/values-or-doane/base=2',
    'NannyML 0.13 jensen_shannon',
  ),
} as const satisfies Record<string, VariantDefinition>

/** All of them, or those of these definitions. */
export type WantedVariants = 'all' | ReadonlySet<string>

/** Whether the summary must count more than the native definitions need. */
export function needScans(wanted: WantedVariants): boolean {
  const { evidentlyPsi: psi, evidentlyJs: js, evidentlyHellinger: distance, nannymlJs } = DRIFT_VARIANTS
  return [psi, js, distance, nannymlJs].some(({ definition }) => isWanted(wanted, definition))
}

/** Whether a definition id is asked for. */
export function isWanted(wanted: WantedVariants, definition: string): boolean {
  return wanted === 'all' || wanted.has(definition)
}

/** Those that the summary has the counts for. */
export function variantsOf(column: NumberSummary | CategorySummary): readonly Variant[] {
  return column.kind === 'number' ? numberVariants(column) : categoryVariants(column)
}

function of(metric: string, variant: string, definition: string, source: string): VariantDefinition {
  return { metric, variant, definition, source }
}

function measure({ metric, variant, definition }: VariantDefinition, measured: Measured): Variant {
  return { metric, variant, definition, measured }
}

function numberVariants({ distances, variants }: NumberSummary): readonly Variant[] {
  if (distances === null) return []
  const asymptotic = measure(DRIFT_VARIANTS.asymptotic, ksAsymptoticP(distances))
  if (variants === null) return [asymptotic]
  const { evidently, hellinger: densities, nannyml } = variants
  const failed = unknown('undefined', distances.m)
  return [
    asymptotic,
    measure(DRIFT_VARIANTS.evidentlyPsi, evidently ? evidentlyPsi(evidently) : failed),
    measure(DRIFT_VARIANTS.evidentlyJs, evidently ? jensenShannon(evidently) : failed),
    measure(DRIFT_VARIANTS.evidentlyHellinger, densities ? hellinger(densities.pairs, densities.stretch) : failed),
    measure(DRIFT_VARIANTS.nannymlJs, nannyml ? jensenShannon(nannyml, 2) : failed),
  ]
}

/** Without a value on either side there is none of these. */
function categoryVariants({ pairs }: CategorySummary): readonly Variant[] {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return []
  return [
    measure(DRIFT_VARIANTS.evidentlyPsiOfValues, evidentlyPsi(pairs)),
    measure(DRIFT_VARIANTS.deepchecksPsi, deepchecksPsi(pairs)),
    measure(DRIFT_VARIANTS.popmonPsi, popmonPsi(pairs)),
    measure(DRIFT_VARIANTS.evidentlyJsOfValues, jensenShannon(pairs)),
    measure(DRIFT_VARIANTS.evidentlyHellingerOfValues, hellinger(pairs)),
    measure(DRIFT_VARIANTS.nannymlJsOfValues, jensenShannon(unseenAsOne(pairs), 2)),
  ]
}

/** NannyML: the values that the reference lacks are one. */
function unseenAsOne(pairs: readonly PairOfCounts[]): readonly PairOfCounts[] {
  const known = pairs.filter(({ reference }) => reference > 0)
  const unseen = pairs.reduce((sum, pair) => sum + (pair.reference > 0 ? 0 : pair.values * pair.current), 0)
  return [...known, { reference: 0, current: unseen, values: 1 }]
}
