// From what governance.yaml and `--engine` choose to the engine that measures data.
import { availableParallelism } from 'node:os'
import type { EngineRequest, FileEngine, Process } from '../world.ts'
import { defaultLimits } from './duckdb/connection.ts'
import { openFileEngine } from './duckdb/file-engine.ts'
import { openTrinoEngine } from './trino/trino-engine.ts'

/** Faults `observe/…`, `config/…`. */
export async function openEngine(request: EngineRequest, { env }: Process): Promise<FileEngine> {
  if (request.engine === 'trino') return await openTrinoEngine(request.cluster)
  const threads = Math.max(1, Math.floor(availableParallelism() / request.beside))
  const { memory } = defaultLimits(threads)
  return await openFileEngine({ threads, memory: env.TUTELA_MEMORY ?? memory }, env)
}
