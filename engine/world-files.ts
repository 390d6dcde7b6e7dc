// The ports on files outside any tree: part of the ports.

/** Files outside any tree: keys, exports, notices, `init` and `demo`. Absolute paths; writes are durable. */
export interface Files {
  /** Null where it is absent. With `most`, that many bytes from the beginning suffice: a device or a pipe may have no end. */
  read(path: string, most?: number): Uint8Array | null
  write(path: string, bytes: Uint8Array | string, mode?: number): void
  exists(path: string): boolean
  /** Names in a folder, sorted; empty where absent. */
  list(directory: string): readonly string[]
  makeScratch(prefix: string): string
}

/** A folder of files that may vanish at any time. Reading what is not there, or writing where that fails, is no fault. */
export interface CacheFolder {
  /** Identifies the code whose results are kept: equal programs, equal text. */
  readonly engine: string
  /** Memory of the caller's own, to change as it likes. With `most`, that many bytes from the beginning suffice. */
  read(name: string, most?: number): Uint8Array | null
  /** Replaces a file by these pieces in order; false where it could not be written. */
  write(name: string, pieces: readonly Uint8Array[]): boolean
  /** Names of all files; none where they cannot be listed. */
  list(): readonly string[]
  /** Does nothing where the file is not there or must stay. */
  remove(name: string): void
}

/** Bytes laid aside by one process, to be read back by it. */
export interface ScratchFile {
  /** All of them at the end, or none and false: then no more are ever taken. */
  append(pieces: readonly Uint8Array[]): boolean
  read(from: number, length: number): Uint8Array
}
