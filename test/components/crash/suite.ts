// `tutela run` from dist/, killed or refused by strace at every call that changes the disk, and done again.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'quick',
  missing: () => missingCommands(['git', '--version'], ['strace', '-qq', '-f', '-o', '/dev/null', 'true']),
}
