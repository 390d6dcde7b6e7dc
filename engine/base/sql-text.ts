// Names and values in SQL, quoted: nothing that a file or a card holds becomes part of a statement. Same in every dialect.

/** A column or table name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A string value. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A double, in every bit; infinities and NaN have no literal and are refused. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new Error('internal error: a number in SQL must be finite')
  return `CAST('${Object.is(value, -0) ? 0 : value}' AS DOUBLE)`
}
