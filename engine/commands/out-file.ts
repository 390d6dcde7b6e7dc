// `--out FILE`: where one snapshot may go. A file of other content is never replaced, and no folder is made: a slip in a path
// would cost data, a policy, or the snapshots of a repository.
import { dirname, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Invocation } from './command.ts'
import { repositoryFolder } from './open-repository.ts'

/** `out` as an absolute path. A file that is there holds one snapshot, as `--out` left it, or nothing. Faults `observe/out-file`. */
export function outFile(invocation: Invocation, out: string): string {
  const { world, globals } = invocation
  const [path, shown] = [resolve(globals.cwd, out), visibleText(out)]
  const root = world.repositories.open(repositoryFolder(invocation))?.workTree ?? repositoryFolder(invocation)
  if (path.startsWith(join(root, 'models/snapshots/'))) {
    const hint = 'leave `--out` out: the line is then added where it belongs'
    throw new Fault('observe/out-file', `\`--out ${shown}\` lies among the snapshots of the repository`, hint)
  }
  if (!world.files.exists(dirname(path)))
    throw new Fault('observe/out-file', `there is no folder for \`--out ${shown}\``, 'make it first, or mend the path')
  // A device or a pipe is written to, and reading it might never end.
  if (path.startsWith('/dev/')) return path
  if (world.files.exists(path) && !isReplaceable(world.files.read(path)))
    throw new Fault('observe/out-file', `\`--out ${shown}\` exists and is no snapshot`, 'name another file')
  return path
}

function isReplaceable(bytes: Uint8Array | null): boolean {
  const text = Buffer.from(bytes ?? [])
    .toString('utf8')
    .trimEnd()
  if (text === '') return true
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Snapshot'
  } catch {
    return false
  }
}
