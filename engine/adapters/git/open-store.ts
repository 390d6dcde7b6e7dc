// Opens the Git repository around a folder as a GitStore: joins the reader, the writer and the walks of this folder.
// No `git` program is ever called.
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { GitStore, NewCommit, ObjectId } from '../../world.ts'
import { changedPaths, changedWithin } from './changed-paths.ts'
import { serialiseCommit } from './commit-object.ts'
import { commitTree } from './commit-tree.ts'
import { findRepository, type Repository } from './find-repository.ts'
import { foldPacks } from './fold-packs.ts'
import { followCheckout } from './follow-checkout.ts'
import { History } from './history.ts'
import { mergeCommit } from './merge-commit.ts'
import { finishMove, moveBranch, requireMovable } from './move-branch.ts'
import { objectId } from './object-id.ts'
import { ObjectStore } from './object-store.ts'
import { writeObjects } from './object-writer.ts'
import { type Parts, treeOf } from './parts.ts'
import { RefStore } from './ref-store.ts'
import { updateRef } from './ref-update.ts'
import { openRemote } from './remote.ts'
import { resolveCommit } from './revision.ts'
import { editTree } from './tree-edit.ts'
import { dirtyIn, type WorkingTreeOptions, WorktreeScans, workingTree } from './working-tree.ts'

export { openFolderTree } from './folder-tree.ts'

/** What a store is opened with. */
export interface OpenOptions {
  /** Whether the user's own Git configuration counts (default: yes). */
  readonly userConfig?: boolean
}

/** Null where no folder upwards of `start` is a repository. Faults `git/…` for one that cannot be read. */
export function openGitStore(start: string, options: OpenOptions = {}): GitStore | null {
  const repository = findRepository(start, options)
  return repository === null ? null : storeOf(partsOf(repository))
}

/** The same without the verbs: for a remote in a folder. */
function openParts(folder: string): Parts | null {
  const repository = findRepository(folder)
  return repository === null ? null : partsOf(repository)
}

function partsOf(repository: Repository): Parts {
  const { commonDir } = repository
  const objects = new ObjectStore(join(commonDir, 'objects'), () => whyLacking(parts))
  const parts: Parts = {
    repository,
    objects,
    refs: new RefStore(repository),
    history: new History(objects, commonDir),
    packMarks: join(commonDir, 'tutela/packs'),
  }
  return parts
}

function storeOf(parts: Parts): GitStore {
  const { repository, objects, refs, history } = parts
  const { commonDir, workTree } = repository
  return {
    gitDir: commonDir,
    workTree,
    headRef: () => {
      const value = refs.read('HEAD')
      return value !== null && 'target' in value ? refs.follow('HEAD') : null
    },
    resolve: (name) => resolveCommit(refs, objects, name),
    listRefs: (prefix) => refs.list(prefix),
    workingTree: () => workingTree(checkoutOf(parts)),
    dirtyIn: (folders) => dirtyIn(new WorktreeScans(checkoutOf(parts)), folders),
    commitTree: (commit) => commitTree(objects, commit, history.commit(commit).tree),
    readCommit: (id) => history.commit(id),
    firstParents: (from, limit) => history.firstParents(from, limit),
    isAncestor: (ancestor, from) => history.isAncestor(ancestor, from),
    mergeBase: (a, b) => history.mergeBase(a, b),
    mergeBases: (a, b) => history.mergeBases(a, b),
    changedPaths: (from, to, within) => {
      const [a, b] = [treeOf(history, from), treeOf(history, to)]
      return (
        within === undefined ? changedPaths(objects, a, b) : changedWithin(objects, { from: a, to: b }, within)
      ).sort(compareText)
    },
    writeCommit: (commit) => writeCommit(parts, commit),
    mergeCommit: (options) => mergeCommit(parts, options),
    updateRef: (update) => updateRef(parts, update),
    requireMovable: (move) => requireMovable(parts, move),
    moveBranch: (move) => moveBranch(parts, move),
    finishMove: () => finishMove(parts),
    followCheckout: (from, to, paths) => followCheckout(parts, from, to, paths),
    foldPacks: () => foldPacks(parts),
    remote: () => openRemote(parts, openParts),
    config: (key) => repository.config.get(key),
  }
}

function checkoutOf({ repository, objects, refs, history }: Parts): WorkingTreeOptions {
  const { workTree } = repository
  if (workTree === null) {
    throw new Fault(
      'git/bare',
      `\`${repository.gitDir}\` has no working tree`,
      'name a commit with `--ref`, such as `--ref main`',
    )
  }
  const commit = resolveCommit(refs, objects, 'HEAD')
  const head = commit === null ? null : { commit, tree: history.commit(commit).tree }
  return { repository, root: workTree, objects, head }
}

/** Writes the objects that a commit needs and the repository lacks; the commit's id. */
export function writeCommit({ objects, history, packMarks }: Parts, commit: NewCommit): ObjectId {
  const base = treeOf(history, commit.base)
  const edited = editTree(objects, base, commit.changes)
  const content = serialiseCommit(edited.tree, commit)
  const id = objectId('commit', content)
  edited.objects.set(id, { kind: 'commit', content })
  writeObjects(objects, edited.objects, packMarks)
  return id
}

function whyLacking({ repository, history }: Parts): string | null {
  const { config } = repository
  const isPartial =
    config.get('extensions.partialClone') !== null ||
    config.subsections('remote').some((name) => config.isOn(`remote.${name}.promisor`) === true)
  if (isPartial) return 'this is a partial clone'
  return history.shallow().size > 0 ? 'this is a shallow clone' : null
}
