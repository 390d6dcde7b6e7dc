// From what governance.yaml and `--engine` choose to the engine that measures data.
import { availableParallelism } from 'node:os'
import { Fault } from '../base/fault.ts'
import type { EngineRequest, FileEngine, Process } from '../world.ts'
import { defaultLimits } from './duckdb/connection.ts'
import { openFileEngine } from './duckdb/file-engine.ts'
import { openTrinoEngine } from './trino/trino-engine.ts'

/** Faults `observe/…`, `config/…`. */
export async function openEngine(request: EngineRequest, { env }: Process): Promise<FileEngine> {
  if (request.engine === 'trino') return await openTrinoEngine(request.cluster)
  const threads = Math.max(1, Math.floor(availableParallelism() / request.beside))
  return await openFileEngine({ threads, memory: memoryFrom(env) ?? defaultLimits(threads).memory }, env)
}

function memoryFrom({ TUTELA_MEMORY: text }: Process['env']): string | null {
  if (text === undefined || text === '') return null
  if (/^[1-9]\d{0,5}(\.\d+)? ?[MG]i?B$/i.test(text)) return text
  throw new Fault('config/bad-memory', '`TUTELA_MEMORY` is no size of memory', 'write it as `600MB` or `2GB`')
}
