// Rows of a small table, as importers read them. Large data never takes this form (observe sums it where it lies).

/** CSV cells are text as written (empty: absent); Parquet cells have types, times are text `yyyy-mm-dd hh:mm:ss`. */
export type Cell = string | number | boolean | null

/** Every row has one cell a column. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}
