// `tutela run` from dist/ on file systems that are full or read-only: small tmpfs mounts of its own.
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'quick',
  missing: () => missingCommands(['git', '--version']) ?? cannotMount(),
}

function cannotMount(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tutela-mount-'))
  const missing = missingCommands(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', folder])
  if (missing === null) missingCommands(['umount', folder])
  rmdirSync(folder)
  return missing === null ? null : 'no file system may be mounted here'
}
