// `refs/tutela/delivered`: a commit whose tree has one small file a delivery, moved by compare-and-swap. A mark says that
// something was begun or done, so that no run does it again. Files stand two folders deep, by hash, so that a mark
// rewrites little however many there are.
import { hashOf } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { GitStore, ObjectId, PersonAt, SourceTree } from '../world.ts'

/** The ref of the marks: a commit whose tree has one file a delivery. */
export const DELIVERED = 'refs/tutela/delivered'

/** `not-started`: as if there were no mark, left by a trigger of which it is certain that it never ran. */
export type MarkState = 'started' | 'sent' | 'failed' | 'done' | 'not-started'

/** One delivery, as it is kept. */
export interface Mark {
  /** `trigger`, `notify`, `open-proposal`, …; `anchor`, `erasure`: of whichever run; `run`: everything of a run is delivered. */
  readonly kind: string
  readonly key: string
  readonly evidence: string
  readonly run: string
  readonly state: MarkState
  /** RFC 3339: the run's `now`. */
  readonly at: string
  readonly ref?: string
  readonly model?: string
  readonly environment?: string
  readonly channel?: string
  readonly trigger?: string
  readonly request?: string
  /** What was erased. */
  readonly commitment?: string
  /** Of a pinned log. */
  readonly anchor?: { readonly cid: string; readonly size: number; readonly root: string; readonly where: string }
  /** The pinned log had been pushed before. */
  readonly isPushed?: true
}

/** What tells deliveries apart. */
export type MarkName = Pick<Mark, 'kind' | 'key' | 'evidence' | 'run'>

/** Who stands in the commits of marks; their dates are the marks'. */
export type MarksAuthor = Pick<PersonAt, 'name' | 'email'>

/** A trigger, anchor or erasure is one delivery whichever run sends it; all else belongs to the run that planned it. */
export function markPath({ kind, key, evidence, run }: MarkName): string {
  const isOfAnyRun = kind === 'trigger' || kind === 'anchor' || kind === 'erasure'
  const hash = hashOf(isOfAnyRun ? [kind, key, evidence] : [kind, key, evidence, run])
  const folder = kind === 'trigger' || kind === 'run' ? kind : 'done'
  return `${folder}/${hash[0]}/${hash[1]}/${hash.slice(2, 34)}.json`
}

/** Null where nothing was delivered under that name. */
export function readMark(git: GitStore, name: MarkName): Mark | null {
  const commit = git.resolve(DELIVERED)
  return commit === null ? null : readAt(git.commitTree(commit), markPath(name))
}

/** Marks of triggers that were begun: none may be sent again. */
export function triggerMarks(git: GitStore): Mark[] {
  const commit = git.resolve(DELIVERED)
  if (commit === null) return []
  const tree = git.commitTree(commit)
  const marks = tree.list(['trigger']).flatMap(({ path }) => readAt(tree, path) ?? [])
  return marks.filter(({ state }) => state !== 'not-started')
}

/**
 * Marks at `commit` (left out: here and now) that are new or changed since another commit of the ref, by path, and how far
 * they are told then. `since` null, or a commit that this clone does not have: since ever.
 */
export function marksSince(
  git: GitStore,
  since: ObjectId | null,
  commit: ObjectId | null = git.resolve(DELIVERED),
): { readonly marks: readonly Mark[]; readonly commit: ObjectId | null } {
  if (commit === null || commit === since) return { marks: [], commit: since }
  const known = since === null ? null : git.resolve(since)
  // What the remote has may be behind what was told before there was a remote.
  if (known !== null && git.isAncestor(commit, known)) return { marks: [], commit: known }
  const tree = git.commitTree(commit)
  return { marks: git.changedPaths(known, commit).flatMap((path) => readAt(tree, path) ?? []), commit }
}

/**
 * Writes marks in one commit. `expect`: what must stand there now, of each: `null` no mark, a state, or one mark. False, with
 * nothing written, where that is not so: somebody else did, or does, this delivery.
 */
export function putMarks(
  git: GitStore,
  author: MarksAuthor,
  marks: readonly { readonly mark: Mark; readonly expect: MarkState | Mark | null }[],
): boolean {
  if (marks.length === 0) return true
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const tip = git.resolve(DELIVERED)
    const tree = tip === null ? null : git.commitTree(tip)
    const stands = ({ mark, expect }: { mark: Mark; expect: MarkState | Mark | null }): boolean => {
      const there = tree === null ? null : readAt(tree, markPath(mark))
      if (expect === null || typeof expect === 'string') return (there?.state ?? null) === expect
      return there !== null && JSON.stringify(there) === JSON.stringify(expect)
    }
    if (!marks.every(stands)) return false
    if (git.updateRef({ ref: DELIVERED, expect: tip, to: writeMarks(git, author, tip, marks) })) return true
  }
  throw new Fault(
    'remediate/marks-busy',
    `\`${DELIVERED}\` is being moved by others all the time, or is no commit`,
    `run again; if nobody else runs, look at \`git show ${DELIVERED}\``,
  )
}

/** Arbitrary: each attempt lost means that another writer won. */
const MOST_ATTEMPTS = 20

function writeMarks(
  git: GitStore,
  author: MarksAuthor,
  tip: ObjectId | null,
  marks: readonly { readonly mark: Mark }[],
): ObjectId {
  const at = Math.floor(Date.parse(marks[0]?.mark.at ?? '1970-01-01T00:00:00Z') / 1000)
  const person = { ...author, at }
  const message =
    marks.length === 1 ? `delivered: ${marks[0]?.mark.kind} ${marks[0]?.mark.state}\n` : `delivered: ${marks.length}\n`
  return git.writeCommit({
    base: tip,
    parents: tip === null ? [] : [tip],
    changes: new Map(marks.map(({ mark }) => [markPath(mark), new TextEncoder().encode(`${JSON.stringify(mark)}\n`)])),
    message,
    author: person,
    committer: person,
  })
}

function readAt(tree: SourceTree, path: string): Mark | null {
  if (!tree.has(path)) return null
  try {
    const mark = JSON.parse(Buffer.from(tree.read(path)).toString('utf8')) as Mark
    return markPath(mark) === path ? mark : null
  } catch (error) {
    if (error instanceof Fault) throw error
    return null
  }
}
