// What is kept of a side of a drift comparison: counts by bin or by value, small and free of rows. That of the reference
// is plain JSON, cached under the digest of its data, and spares the scan of the reference next time.
import type { ColumnKind, SqlColumn } from '../../world-sql.ts'
import type { ValueCount } from '../metrics/quantiles.ts'

/** Where the fine bins of a column lie: see drift-layout.ts. `scale` is a power of two. */
export interface BinPlace {
  readonly centre: number
  readonly scale: number
}

/** Fine bins that hold a row, ascending; parallel lists. A bin whose `low` is its `high` holds one value. */
export interface FineBins {
  readonly k: readonly number[]
  readonly n: readonly number[]
  /** Σ (value − centre) ÷ scale; null where it overflows. */
  readonly sum: readonly (number | null)[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** A column of numbers on one side. NaN counts as missing, as in pandas. */
export interface NumberSide {
  readonly kind: 'number'
  readonly name: string
  readonly place: BinPlace
  readonly missing: number
  readonly infinite: number
  readonly finite: number
  readonly bins: FineBins
  /** Of the population of finite values; null without any, or where it overflows. */
  readonly deviation: number | null
  /** All finite values, ascending, where they are at most `FEW_VALUES`. */
  readonly values: readonly ValueCount[] | null
  /** The nine decile positions, as NumPy rounds them; empty where not asked for or without finite values. */
  readonly deciles: readonly number[]
}

/** A column of categories (booleans are `true` and `false`) on one side, its values in code-point order. */
export interface CategorySide {
  readonly kind: 'category'
  readonly name: string
  readonly missing: number
  /** Null where they are more than `MOST_CATEGORIES`. */
  readonly values: readonly { readonly value: string; readonly n: number }[] | null
}

/** Text and times: what is missing is all that is compared. */
export interface OtherSide {
  readonly kind: 'other'
  readonly name: string
  readonly missing: number
}

export type ColumnSide = NumberSide | CategorySide | OtherSide

export interface KeptReference {
  readonly format: typeof KEPT_FORMAT
  readonly rows: number
  readonly columns: readonly ColumnSide[]
}

/** Changes with the meaning of what is kept: an older one is read no more. */
export const KEPT_FORMAT = 'drift-reference/3'

/** Up to so many distinct numbers are held by value (Evidently's 20 is the largest that a definition asks for). */
export const FEW_VALUES = 20

/** Up to so many categories are held by name; of more, only how often which pair of counts occurs. */
export const MOST_CATEGORIES = 5000

/** How a column is compared: by bins, by values, or by its missing cells alone. */
export function sideKind(kind: ColumnKind): ColumnSide['kind'] {
  if (kind === 'number') return 'number'
  return kind === 'category' || kind === 'boolean' ? 'category' : 'other'
}

/** Whether what was kept is of these very columns; otherwise the reference is scanned anew. */
export function isKeptOf(kept: KeptReference | null | undefined, columns: readonly SqlColumn[]): kept is KeptReference {
  if (kept?.format !== KEPT_FORMAT || kept.columns.length !== columns.length) return false
  return columns.every(({ name, kind }, i) => {
    const side = kept.columns[i]
    return side?.name === name && side.kind === sideKind(kind) && (side.kind !== 'number' || areBins(side.bins))
  })
}

/** A file that was cut or edited is no summary. */
function areBins(bins: FineBins | undefined): boolean {
  const lists = [bins?.k, bins?.n, bins?.sum, bins?.low, bins?.high]
  return lists.every((list) => Array.isArray(list) && list.length === bins?.k.length)
}
