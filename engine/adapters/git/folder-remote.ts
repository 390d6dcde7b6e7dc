// A remote that is a repository in a folder: objects are copied by our own reader and writer, refs move by our own
// compare-and-swap there. Hooks are programs and are never run, so a remote that relies on them is refused.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { sweepClaims } from '../../base/lock-file.ts'
import type { ObjectId, RefUpdate } from '../../world.ts'
import { missingObjects } from './missing-objects.ts'
import type { GitObject } from './object-id.ts'
import { writeObjects } from './object-writer.ts'
import type { Parts } from './parts.ts'
import { claimsFolder, updateRefs } from './ref-update.ts'

/** Opens a repository at exactly this folder. */
export type OpenParts = (folder: string) => Parts | null

const BATCH_BYTES = 64 << 20

/** Copies what these ids need from one repository to another. */
export function copyObjects(from: Parts, to: Parts, ids: Iterable<ObjectId>): void {
  const tips = to.refs.list('refs/').map(({ id }) => id)
  const lacking = missingObjects(from, ids, { tips, has: (id) => to.objects.hasNow(id) })
  let batch = new Map<ObjectId, GitObject>()
  let bytes = 0
  const flush = (): void => {
    writeObjects(to.objects, batch, to.packMarks)
    batch = new Map()
    bytes = 0
  }
  for (const id of lacking) {
    if (to.objects.hasNow(id)) continue
    const object = from.objects.find(id)
    if (object === null) throw from.objects.lackingFault(id, 'blob')
    batch.set(id, object)
    bytes += object.content.length
    if (bytes > BATCH_BYTES) flush()
  }
  flush()
}

/** The repository at a path on this machine, bare or with a work tree. Faults where there is none. */
export function openFolderRemote(folder: string, open: OpenParts): Parts {
  const parts = existsSync(folder) && statSync(folder).isDirectory() ? open(folder) : null
  const places = [folder, join(folder, '.git')].map((path) => resolve(path))
  if (parts !== null && places.includes(parts.repository.commonDir)) {
    // A push that was killed may have left a lock on a ref that nobody of us has to move again.
    sweepClaims(claimsFolder(parts.refs))
    return parts
  }
  throw new Fault(
    'git/no-remote',
    `the remote \`${folder}\` is no Git repository`,
    'check `git remote -v`; make one with `git init --bare`',
  )
}

/** False where a ref is not as expected there, or where its settings forbid the move. */
export function pushToFolder(ours: Parts, theirs: Parts, updates: readonly RefUpdate[]): boolean {
  requireNoHooks(theirs)
  for (const update of updates) requireNotCheckedOut(theirs, update.ref)
  if (!updates.every(({ ref, expect }) => theirs.refs.idOf(ref) === expect)) return false
  copyObjects(
    ours,
    theirs,
    updates.flatMap(({ to }) => to ?? []),
  )
  return updates.every((update) => isAllowed(theirs, update)) && updateRefs(theirs, updates)
}

function isAllowed({ repository, history }: Parts, { expect, to }: RefUpdate): boolean {
  if (to === null) return repository.config.isOn('receive.denyDeletes') !== true
  const onlyForward = repository.config.isOn('receive.denyNonFastForwards') === true
  return !onlyForward || expect === null || history.isAncestor(expect, to)
}

function requireNoHooks({ repository }: Parts): void {
  const folder = repository.config.get('core.hooksPath') ?? join(repository.commonDir, 'hooks')
  const hook = ['pre-receive', 'update', 'proc-receive', 'reference-transaction'].find((name) => {
    const state = statSync(join(resolve(repository.commonDir, folder), name), { throwIfNoEntry: false })
    return state?.isFile() === true && (state.mode & 0o111) !== 0
  })
  if (hook === undefined) return
  throw new Fault(
    'git/remote-hooks',
    `the remote \`${repository.commonDir}\` has a \`${hook}\` hook, which would be passed over`,
    'push over HTTP, where the server runs it',
  )
}

/** Git's own rule (receive.denyCurrentBranch): the files there would no longer fit their branch. */
function requireNotCheckedOut({ repository, refs }: Parts, ref: string): void {
  const rule = repository.config.get('receive.denyCurrentBranch')
  if (repository.workTree === null || rule === 'ignore' || rule === 'warn' || rule === 'false') return
  const head = refs.read('HEAD')
  if (head === null || !('target' in head) || head.target !== ref) return
  throw new Fault(
    'git/checked-out',
    `\`${ref}\` is checked out in the remote \`${repository.workTree}\``,
    'use a bare repository as the remote, or check out another branch there',
  )
}
