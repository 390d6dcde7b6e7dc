// The tables of `special/`: pure functions against published or high-precision numbers.

/** The differences of one table; a string: why it is skipped. */
export async function specialTable(name: string, _table: unknown): Promise<readonly string[] | string> {
  return `no function for \`${name}\` yet`
}
