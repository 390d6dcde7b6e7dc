// Which lines are superseded. A correction counts only when its whole line is a snapshot, so those lines are parsed; a line
// that is superseded by one is out, whatever is wrong with it: in files that only grow, that is how a mistake is mended.
// A cycle, or a line that supersedes itself, would be a collision of SHA-256; nothing here follows chains, so none can loop.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { BrokenLine, ModelLine, ModelLines } from './model-lines.ts'
import type { Catalogue } from './snapshot-check.ts'
import { digestOfLine, parseLine, problemOfLine } from './snapshot-line.ts'

/** Lines told apart by what supersedes them. */
export interface Corrections {
  /** Lines that no other supersedes. */
  readonly live: readonly ModelLine[]
  readonly superseded: readonly ModelLine[]
  /** With errors, and not superseded. */
  readonly broken: readonly BrokenLine[]
  /** With errors, and superseded: these are told as warnings. */
  readonly mended: readonly BrokenLine[]
}

/** Which lines of a model are live after `supersedes`, and which are broken. */
export function followCorrections(read: ModelLines, catalogue: Catalogue): Corrections {
  if (
    read.lines.every((line) => line.head.supersedes === null) &&
    read.broken.every((line) => line.supersedes === undefined)
  ) {
    return { live: read.lines, superseded: [], broken: read.broken, mended: [] }
  }
  const { lines, broken } = withoutStrayCorrections(withoutBrokenCorrections(read, catalogue), read.leftOut)
  const out = new Set(lines.flatMap(({ head }) => head.supersedes ?? []))
  const known = new Set<string>([...lines, ...read.leftOut].map((line) => line.digest))
  for (const { line } of broken) known.add(digestOfLine(line))
  const aimless = lines
    .filter(({ head }) => head.supersedes !== null && !known.has(head.supersedes))
    .map(supersedesNothing)
  const told = broken.map((line) => (isAimless(line, known) ? alsoAimless(line) : line))
  const isOut = (line: BrokenLine) => out.has(digestOfLine(line.line))
  return {
    live: lines.filter((line) => !out.has(line.digest)),
    superseded: lines.filter((line) => out.has(line.digest)),
    broken: [...told.filter((line) => !isOut(line)), ...aimless],
    mended: told.filter(isOut),
  }
}

function withoutBrokenCorrections(
  read: ModelLines,
  catalogue: Catalogue,
): { lines: ModelLine[]; broken: BrokenLine[] } {
  const lines: ModelLine[] = []
  const broken = [...read.broken]
  for (const modelLine of read.lines) {
    const { line, head } = modelLine
    const parsed = head.supersedes === null ? null : parseLine(line, catalogue)
    if (parsed?.kind !== 'invalid') lines.push(modelLine)
    else broken.push({ line, ...parsed, ...(head.supersedes !== null && { supersedes: head.supersedes }) })
  }
  return { lines, broken }
}

/** A line that names one of another window, version, environment or purpose corrects nothing: it would make that one vanish. */
function withoutStrayCorrections(
  { lines, broken }: { lines: ModelLine[]; broken: BrokenLine[] },
  leftOut: readonly ModelLine[],
): { lines: ModelLine[]; broken: BrokenLine[] } {
  if (lines.every(({ head }) => head.supersedes === null)) return { lines, broken }
  const heads = new Map<string, ModelLine['head']>([...lines, ...leftOut].map(({ digest, head }) => [digest, head]))
  const differs = ({ head }: ModelLine) => {
    const other = heads.get(head.supersedes ?? '')
    if (other === undefined) return null
    const isAlike = { ...fieldsAlike(head, other), window: head.start === other.start && head.end === other.end }
    return Object.entries(isAlike).find(([, alike]) => !alike)?.[0] ?? null
  }
  const strays = lines.flatMap((line) => {
    const field = differs(line)
    return field === null ? [] : [correctsAnother(line, field)]
  })
  return strays.length === 0
    ? { lines, broken }
    : { lines: lines.filter((line) => differs(line) === null), broken: [...broken, ...strays] }
}

function fieldsAlike(a: ModelLine['head'], b: ModelLine['head']) {
  return {
    version: a.version === b.version,
    environment: a.environment === b.environment,
    purpose: a.purpose === b.purpose,
  }
}

function correctsAnother({ line, head }: ModelLine, field: string): BrokenLine {
  const problem = problemOfLine(line, ['supersedes'], {
    code: 'load/corrects-another',
    message: `the line \`${head.supersedes}\` that it supersedes has another ${field}`,
    hint: 'a correction has the version, environment, purpose and window of the line that it corrects',
  })
  return { line, names: head.model, diagnostics: [problem] }
}

function supersedesNothing({ line, head }: ModelLine): BrokenLine {
  return { line, names: head.model, diagnostics: [namesNothing(line, head.model, head.supersedes ?? '')] }
}

/** A digest that is none is told as such. */
function isAimless({ supersedes }: BrokenLine, known: ReadonlySet<string>): boolean {
  return supersedes !== undefined && /^sha256:[0-9a-f]{64}$/.test(supersedes) && !known.has(supersedes)
}

/** What else is wrong with a line must not hide that it corrects nothing. */
function alsoAimless(broken: BrokenLine): BrokenLine {
  const { line, names, supersedes = '' } = broken
  return { ...broken, diagnostics: [...broken.diagnostics, namesNothing(line, names ?? 'the model', supersedes)] }
}

function namesNothing(line: BrokenLine['line'], model: string, digest: string): Diagnostic {
  return problemOfLine(line, ['supersedes'], {
    code: 'load/supersedes-nothing',
    message: `no line of \`${model}\` has the digest \`${digest}\``,
    hint: 'the digest is the SHA-256 of the line to correct, without its newline',
  })
}

/** The same problem, told without making anything invalid. */
export function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' }
}
