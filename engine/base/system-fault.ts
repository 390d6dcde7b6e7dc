// What the operating system refused, in words: which call, on what, and what to do next. For errors that reach a border
// as they are; whoever knows more (which repository, which key) says that in a Fault of its own.
import { errorCode } from './durable-files.ts'
import { Fault } from './fault.ts'

/** Null for what is no system error. Codes are `system/enospc` and so on. */
export function systemFault(error: unknown): Fault | null {
  const code = errorCode(error)
  if (!(error instanceof Error) || !('syscall' in error) || code === '') return null
  const { syscall, path } = error as { syscall?: unknown; path?: unknown }
  const where = typeof path === 'string' ? ` \`${path}\`` : ''
  return new Fault(`system/${code.toLowerCase()}`, `cannot ${String(syscall)}${where} (${code})`, systemHint(code), {
    cause: error,
  })
}

/** What to do about an error code of the system. */
export function systemHint(code: string): string {
  return HINTS[code] ?? 'check the disk'
}

const PERMISSIONS = 'check owner and permissions of that folder, or use `plan`, which writes nothing'

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space and run again; nothing was written in part',
  EDQUOT: 'the disk quota is used up: free some space and run again; nothing was written in part',
  EROFS: 'the file system is read-only: mount it for writing, or use `plan`, which writes nothing',
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EIO: 'the disk fails: check it and its connection, then run again; what was recorded stays',
  EEXIST: 'something else stands where a folder is due: move it away',
  ENOTDIR: 'something else stands where a folder is due: move it away',
  EMFILE: 'too many files are open: raise the limit (`ulimit -n`)',
  ENOENT: 'something removed it meanwhile: check the path, then run again',
}
