// A GitStore in memory, for tests that crash and repeat: real object ids, no disk, nothing checked out. What it cannot
// do (working trees, remotes) it refuses. `withCrash` calls back around every write,
// where a test may throw as a crash would.
import { createHash } from 'node:crypto'
import { compareText } from '../engine/base/order.ts'
import type { CommitInfo, GitStore, NewCommit, ObjectId, PersonAt, RefUpdate, SourceTree } from '../engine/world.ts'

type Files = ReadonlyMap<string, Uint8Array>

export interface MemoryGit extends GitStore {
  readonly refs: ReadonlyMap<string, ObjectId>
  /** Of everything written: to see that a repetition wrote nothing. */
  readonly commits: ReadonlyMap<ObjectId, CommitInfo>
  /** Shares the objects and refs, but calls `crash` around every write: a process of its own. */
  withCrash(crash: Crash): GitStore
}

export interface Crash {
  readonly before?: (call: string) => void
  readonly after?: (call: string) => void
}

/** With one commit of `files` on `main`. */
export function memoryGit(files: Readonly<Record<string, string>>): MemoryGit {
  const commits = new Map<ObjectId, CommitInfo>()
  const trees = new Map<ObjectId, Files>()
  const refs = new Map<string, ObjectId>()
  const git = store({ commits, trees, refs })
  const author = { name: 'Ana', email: 'ana@example.org', at: 1_767_225_600 }
  const changes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  const first = git.writeCommit({ base: null, parents: [], changes, message: 'first\n', author, committer: author })
  git.updateRef({ ref: 'refs/heads/main', expect: null, to: first })
  return {
    ...git,
    refs,
    commits,
    withCrash: (crash) => ({
      ...git,
      writeCommit: around(crash, 'writeCommit', git.writeCommit),
      updateRef: around(crash, 'updateRef', git.updateRef),
      mergeCommit: around(crash, 'mergeCommit', git.mergeCommit),
      moveBranch: around(crash, 'moveBranch', git.moveBranch),
    }),
  }
}

interface Held {
  readonly commits: Map<ObjectId, CommitInfo>
  readonly trees: Map<ObjectId, Files>
  readonly refs: Map<string, ObjectId>
}

function store(held: Held): GitStore {
  const { commits, refs } = held
  const git: GitStore = {
    gitDir: '/memory/.git',
    workTree: null,
    headRef: () => 'refs/heads/main',
    resolve: (name) =>
      refs.get(name === 'HEAD' ? 'refs/heads/main' : name) ??
      refs.get(`refs/heads/${name}`) ??
      (commits.has(name) ? name : null),
    listRefs: (prefix) =>
      [...refs]
        .filter(([ref]) => ref.startsWith(prefix))
        .sort(([a], [b]) => compareText(a, b))
        .map(([ref, id]) => ({ ref, id })),
    workingTree: () => refuse('a working tree'),
    dirtyIn: () => [],
    commitTree: (commit) => sourceTree(commit, filesOf(held, commit)),
    readCommit: (id) => commits.get(id) ?? refuse(`the commit ${id}`),
    firstParents: (from, limit) => {
      const found: CommitInfo[] = []
      for (let at: ObjectId | undefined = from; at !== undefined && found.length < limit; at = found.at(-1)?.parents[0])
        found.push(git.readCommit(at))
      return found
    },
    isAncestor: (ancestor, from) => ancestors(held, from).has(ancestor),
    mergeBase: (a, b) => {
      const common = ancestors(held, a)
      const both = [...ancestors(held, b)].filter((id) => common.has(id))
      return both.find((id) => !both.some((other) => other !== id && ancestors(held, other).has(id))) ?? null
    },
    mergeBases: (a, b) => {
      const base = git.mergeBase(a, b)
      return base === null ? [] : [base]
    },
    changedPaths: (from, to) =>
      differing(from === null ? new Map() : filesOf(held, from), to === null ? new Map() : filesOf(held, to)),
    writeCommit: (commit) => writeCommit(held, commit),
    mergeCommit: ({ ours, theirs, message, author, committer }) => {
      const base = git.mergeBase(ours, theirs)
      if (base === theirs) return { commit: ours }
      const [from, mine, other] = [
        base === null ? new Map() : filesOf(held, base),
        filesOf(held, ours),
        filesOf(held, theirs),
      ]
      const changed = differing(from, other)
      const conflicts = changed.filter(
        (path) => !same(from.get(path), mine.get(path)) && !same(mine.get(path), other.get(path)),
      )
      if (conflicts.length > 0) return { conflicts }
      const changes = new Map(changed.map((path) => [path, other.get(path) ?? null]))
      return { commit: writeCommit(held, { base: ours, parents: [ours, theirs], changes, message, author, committer }) }
    },
    updateRef: ({ ref, expect, to }: RefUpdate) => {
      if ((refs.get(ref) ?? null) !== expect) return false
      if (to === null) refs.delete(ref)
      else refs.set(ref, to)
      return true
    },
    requireMovable: () => undefined,
    moveBranch: (move) => git.updateRef(move),
    finishMove: () => undefined,
    followCheckout: () => undefined,
    foldPacks: () => 0,
    remote: () => null,
    config: () => null,
  }
  return git
}

function around<A extends readonly unknown[], R>(
  crash: Crash,
  name: string,
  act: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    crash.before?.(name)
    const result = act(...args)
    crash.after?.(name)
    return result
  }
}

function writeCommit({ commits, trees }: Held, commit: NewCommit): ObjectId {
  const files = new Map(commit.base === null ? [] : trees.get(commits.get(commit.base)?.tree ?? ''))
  for (const [path, bytes] of commit.changes) {
    if (bytes === null) files.delete(path)
    else files.set(path, bytes)
  }
  const tree = treeId(files)
  const person = ({ name, email, at }: PersonAt) => `${name} <${email}> ${at} +0000`
  const headers = [
    `tree ${tree}`,
    ...commit.parents.map((id) => `parent ${id}`),
    `author ${person(commit.author)}`,
    `committer ${person(commit.committer)}`,
  ]
  const id = objectId('commit', Buffer.from(`${headers.join('\n')}\n\n${commit.message}`))
  const { parents, author, committer, message } = commit
  trees.set(tree, files)
  commits.set(id, { id, tree, parents, author, committer, message })
  return id
}

/** As Git: entries by bytes, folders as if their names ended in `/`. */
function treeId(files: Files): ObjectId {
  const folders = new Map<string, Map<string, Uint8Array>>()
  const entries: { key: string; bytes: Buffer }[] = []
  for (const [path, bytes] of files) {
    const slash = path.indexOf('/')
    if (slash < 0)
      entries.push({
        key: path,
        bytes: Buffer.concat([Buffer.from(`100644 ${path}\0`), Buffer.from(objectId('blob', bytes), 'hex')]),
      })
    else
      folders.set(
        path.slice(0, slash),
        (folders.get(path.slice(0, slash)) ?? new Map()).set(path.slice(slash + 1), bytes),
      )
  }
  for (const [name, inside] of folders) {
    entries.push({
      key: `${name}/`,
      bytes: Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(treeId(inside), 'hex')]),
    })
  }
  return objectId('tree', Buffer.concat(entries.sort((a, b) => compareText(a.key, b.key)).map(({ bytes }) => bytes)))
}

function objectId(kind: string, content: Uint8Array): ObjectId {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex')
}

function filesOf({ commits, trees }: Held, commit: ObjectId): Files {
  return trees.get(commits.get(commit)?.tree ?? '') ?? refuse(`the commit ${commit}`)
}

function sourceTree(commit: ObjectId, files: Files): SourceTree {
  const paths = [...files.keys()].sort(compareText)
  return {
    label: `commit ${commit}`,
    commit,
    dirty: [],
    list: (folders) =>
      paths
        .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))
        .map((path) => ({ path, id: objectId('blob', files.get(path) ?? Buffer.alloc(0)), mode: 'file' })),
    has: (path) => files.has(path),
    read: (path) => files.get(path) ?? refuse(path),
    treeId: (folder) => {
      const inside = [...files].filter(([path]) => path.startsWith(`${folder}/`))
      return inside.length === 0
        ? null
        : treeId(new Map(inside.map(([path, bytes]) => [path.slice(folder.length + 1), bytes])))
    },
  }
}

function ancestors({ commits }: Held, from: ObjectId): Set<ObjectId> {
  const seen = new Set([from])
  for (const id of seen) for (const parent of commits.get(id)?.parents ?? []) seen.add(parent)
  return seen
}

function differing(a: Files, b: Files): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => !same(a.get(path), b.get(path))).sort(compareText)
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0
}

function refuse(what: string): never {
  throw new Error(`the memory store does not have ${what}`)
}
