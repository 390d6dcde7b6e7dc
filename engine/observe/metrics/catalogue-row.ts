// A row of the catalogue as it is written down; the family gives the rest of the id.
import type { Metric } from '../../domain/metric.ts'

/** `definition` defaults to the metric's id: then there is but one way to compute it. */
export interface CatalogueRow extends Omit<Metric, 'id' | 'family' | 'definition'> {
  readonly name: string
  readonly definition?: string
}

/** Ids are `family.name`, and the definition is the id where none is written. */
export function rows(family: Metric['family'], list: readonly CatalogueRow[]): readonly Metric[] {
  return list.map(({ name, definition, ...row }) => {
    const id = `${family}.${name}`
    return { id, family, ...row, definition: definition ?? id }
  })
}
