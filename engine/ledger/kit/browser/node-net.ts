// Stands in for `node:net` in the page, where only the code that writes entries would ask for it, and nothing writes any.

/** Never called. */
export function isIP(): never {
  throw new Error('internal error: the page writes no entries')
}
