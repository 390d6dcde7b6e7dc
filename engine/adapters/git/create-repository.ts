// Makes an empty repository, as `git init` does, without hooks or templates.
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeFolder, writeDurably } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import type { GitStore } from '../../world.ts'
import { cannotWrite } from './object-writer.ts'
import { openGitStore } from './open-store.ts'

const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
`

/** A repository without commits, on branch `main`, in a folder that is made if missing. Faults where one exists there. */
export function createRepository(directory: string): GitStore {
  const gitDir = join(resolve(directory), '.git')
  if (existsSync(join(gitDir, 'HEAD')) || statSync(gitDir, { throwIfNoEntry: false })?.isFile() === true) {
    throw new Fault(
      'git/exists',
      `\`${gitDir}\` exists already`,
      'use another folder, or work in the repository it has',
    )
  }
  try {
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
      mkdirSync(join(gitDir, folder), { recursive: true })
    }
    makeFolder(gitDir)
    writeDurably(join(gitDir, 'config'), CONFIG)
    // Last: a folder without HEAD is no repository, so a crash before this leaves none.
    writeDurably(join(gitDir, 'HEAD'), 'ref: refs/heads/main\n')
  } catch (cause) {
    throw cannotWrite(gitDir, cause)
  }
  const store = openGitStore(directory)
  if (store === null) throw new Fault('git/cannot-write', `\`${gitDir}\` was made but cannot be opened`)
  return store
}
