// Assembles the real world: the system clock (or a fixed one), the file system, Git, processes.
// Imported by cli.ts and tests alone.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeDurably } from '../base/durable-files.ts'
import { compareText } from '../base/order.ts'
import type { Instant } from '../domain/instant.ts'
import type { Files, World } from '../world.ts'
import { openBlockStore } from './block-store.ts'
import { openCacheFolder } from './cache-folder.ts'
import { childProcesses } from './child-processes.ts'
import { readParquet } from './duckdb/read-parquet.ts'
import { createRepository } from './git/create-repository.ts'
import { openFolderTree, openGitStore } from './git/open-store.ts'
import { openers } from './open-adapters.ts'
import { openEngine } from './open-engine.ts'
import { openCarGiver, openPinNode } from './open-pins.ts'
import { openPrometheus } from './prometheus.ts'
import { readBeginning } from './read-beginning.ts'
import { openScratchFile } from './scratch-file.ts'
import { postToWitness } from './witness-client.ts'
import { serveWitness } from './witness-server.ts'

/** `now` is already fixed by `--now` or read once from the clock: one run has one instant. */
export function assembleWorld(now: Instant): World {
  return {
    clock: { now: () => now },
    repositories: { open: openGitStore, openFolder: openFolderTree, create: createRepository },
    files: diskFiles,
    process: { env: process.env },
    commands: childProcesses,
    ...openers({ files: diskFiles, process: { env: process.env }, commands: childProcesses }),
    readParquet,
    openEngine: (request) => openEngine(request, { env: process.env }),
    openMetrics: (url) => openPrometheus(url, { env: process.env }),
    caches: { open: openCacheFolder },
    openBlocks: ({ gitDir }) => openBlockStore(gitDir),
    openPinNode: (governance) => openPinNode(governance, { env: process.env }),
    openCarGiver: (gateway) => openCarGiver(gateway, { env: process.env }),
    openScratch: openScratchFile,
    witnesses: { post: postToWitness, serve: serveWitness },
  }
}

const diskFiles: Files = {
  read: (path, most) => {
    if (!existsSync(path)) return null
    return most === undefined ? readFileSync(path) : readBeginning(path, most)
  },
  write: (path, bytes, mode) => {
    const state = statSync(path, { throwIfNoEntry: false })
    // A rename would put a file in place of `/dev/null` itself, or of a link.
    if (state?.isCharacterDevice() === true || state?.isFIFO() === true) return writeFileSync(path, bytes)
    mkdirSync(dirname(path), { recursive: true })
    writeDurably(state === undefined ? path : realpathSync(path), bytes, mode === undefined ? {} : { mode })
  },
  exists: existsSync,
  list: (directory) => (existsSync(directory) ? readdirSync(directory).sort(compareText) : []),
  makeScratch: (prefix) => mkdtempSync(join(tmpdir(), prefix)),
}
