// "Did you mean": the nearest of some words to one that is unknown.

/**
 * The word with the least edit distance (insert, delete, replace, swap of neighbours), if it is near enough to be a slip:
 * at most half of the letters, never more than 3. Of equals the first by the list's order.
 */
export function nearestWord(unknown: string, words: Iterable<string>): string | undefined {
  if (unknown === '' || unknown.length > 100) return undefined
  let best: string | undefined
  let limit = Math.min(3, Math.max(1, Math.floor(unknown.length / 2)))
  for (const word of words) {
    if (Math.abs(word.length - unknown.length) > limit) continue
    const distance = editDistance(unknown.toLowerCase(), word.toLowerCase())
    if (distance > limit || (distance === limit && best !== undefined)) continue
    best = word
    limit = distance
  }
  return best
}

/** The first word that differs only by upper and lower case, blanks around it, or characters that nobody sees. */
export function alikeWord(unknown: string, words: Iterable<string>): string | undefined {
  const bare = (word: string) =>
    word
      .normalize('NFKC')
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .trim()
      .toLowerCase()
  const wanted = bare(unknown)
  for (const word of words) if (bare(word) === wanted) return word
  return undefined
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
