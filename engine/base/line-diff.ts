// What changed between two texts, as a unified diff of lines: for people to read, and for `patch` where both end in
// a newline.

const CONTEXT = 3
const NO_NEWLINE = '\\ No newline at end of file'
/** Above this many pairs of differing lines the middle is shown as replaced whole: a guard, the number is arbitrary. */
const MOST_PAIRS = 4_000_000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The hunks, without file names; empty where the texts are equal. */
export function lineDiff(before: string, after: string): string {
  if (before === after) return ''
  const lines = compareLines(linesOf(before), linesOf(after))
  return hunksOf(lines)
    .map((hunk) => hunkText(lines, hunk))
    .join('\n')
}

function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  return last === '' ? lines : [...lines, `${last}\n${NO_NEWLINE}`]
}

function compareLines(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ sign: ' ', text }))
  return [
    ...same(a.slice(0, head)),
    ...middleLines(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ]
}

/** By the longest common subsequence; removed lines stand before added ones. */
function middleLines(a: readonly string[], b: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ sign: '-', text })
  const added = (text: string): Line => ({ sign: '+', text })
  if (a.length * b.length > MOST_PAIRS) return [...a.map(removed), ...b.map(added)]
  const lengths = commonLengths(a, b)
  const width = b.length + 1
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] ?? '', b[j] ?? '']
    if (left === right) {
      lines.push({ sign: ' ', text: left })
      i++
      j++
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      lines.push(removed(left))
      i++
    } else {
      lines.push(added(right))
      j++
    }
  }
  return [...lines, ...a.slice(i).map(removed), ...b.slice(j).map(added)]
}

/** `[i * width + j]`: the length of the longest common subsequence of `a` from i and `b` from j. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const skipped = Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
      lengths[i * width + j] = a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : skipped
    }
  }
  return lengths
}

type Hunk = readonly [from: number, to: number]

/** Ranges of lines around the changes; those that touch are one. */
function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: [number, number][] = []
  for (const [at, line] of lines.entries()) {
    if (line.sign === ' ') continue
    const [from, to] = [Math.max(0, at - CONTEXT), Math.min(lines.length, at + CONTEXT + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  }
  return hunks
}

function hunkText(lines: readonly Line[], [from, to]: Hunk): string {
  const count = (part: readonly Line[], other: '+' | '-') => part.filter((line) => line.sign !== other).length
  const [before, part] = [lines.slice(0, from), lines.slice(from, to)]
  const range = (other: '+' | '-') => {
    const size = count(part, other)
    const start = count(before, other) + (size === 0 ? 0 : 1)
    return size === 1 ? String(start) : `${start},${size}`
  }
  const head = `@@ -${range('+')} +${range('-')} @@`
  return [head, ...part.map(({ sign, text }) => sign + text)].join('\n')
}
