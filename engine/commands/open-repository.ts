// Opens what a verb works on: the Git repository or plain folder around the user, and the tree that is judged.
import { isAbsolute, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'

/** The folder that `--repo`, or where the user stands, names. */
export function repositoryFolder({ globals }: Invocation): string {
  if (globals.repo === null) return globals.cwd
  return isAbsolute(globals.repo) ? globals.repo : resolve(globals.cwd, globals.repo)
}

/** The Git repository; a fault where there is none. */
export function openStore(invocation: Invocation): GitStore {
  const folder = repositoryFolder(invocation)
  const store = invocation.world.repositories.open(folder)
  if (store !== null) return store
  throw new Fault(
    'git/no-repository',
    `\`${folder}\` is not in a Git repository`,
    'run `tutela init` there, or name one with `--repo`',
  )
}

/** The tree to judge: `--ref`, else the working tree, else the plain folder where there is no Git repository. */
export function openTree(invocation: Invocation): SourceTree {
  const folder = repositoryFolder(invocation)
  const { ref } = invocation.globals
  if (ref !== null) return treeAt(openStore(invocation), ref)
  const store = invocation.world.repositories.open(folder)
  return store === null ? invocation.world.repositories.openFolder(folder) : store.workingTree()
}

/** The tree of a commit by any name. */
export function treeAt(store: GitStore, ref: string): SourceTree {
  return store.commitTree(commitAt(store, ref))
}

/** The commit that a branch, tag or id names. Faults `git/unknown-ref`. */
export function commitAt(store: GitStore, ref: string): string {
  const commit = store.resolve(ref)
  if (commit !== null) return commit
  throw new Fault('git/unknown-ref', `no commit is called \`${ref}\``, 'name a branch, a tag or a commit id')
}
