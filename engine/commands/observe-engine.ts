// The engine that measures: as `--engine` says, else governance.yaml, else DuckDB.
import { Fault, internalError } from '../base/fault.ts'
import type { SqlSettings } from '../domain/governance.ts'
import { readSecret } from '../record/read-secret.ts'
import type { ClusterAddress, FileEngine, World } from '../world.ts'

export interface EngineChoice {
  /** `--engine`; null: not given. */
  readonly asked: 'duckdb' | 'trino' | null
  /** `sql` of governance.yaml. */
  readonly settings: SqlSettings | undefined
  /** How many engines work side by side. */
  readonly beside: number
}

/** The engine that was asked for, else the one of governance.yaml, else DuckDB. */
export function engineName({ asked, settings }: Pick<EngineChoice, 'asked' | 'settings'>): 'duckdb' | 'trino' {
  return asked ?? settings?.engine ?? 'duckdb'
}

/** Faults `config/no-cluster`, `config/no-secret`, `observe/…`. */
export async function openChosenEngine(world: World, choice: EngineChoice): Promise<FileEngine> {
  const { openEngine = () => internalError('this world has no engine') } = world
  if (engineName(choice) === 'duckdb') return await openEngine({ engine: 'duckdb', beside: choice.beside })
  return await openEngine({ engine: 'trino', cluster: clusterOf(choice.settings, world) })
}

function clusterOf(settings: SqlSettings | undefined, world: World): ClusterAddress {
  const { url, catalog, schema, user = 'tutela', password, token } = settings ?? {}
  if (url === undefined || catalog === undefined || schema === undefined) {
    const hint = 'write `sql: { engine: trino, url: …, catalog: …, schema: … }` in policies/governance.yaml'
    throw new Fault('config/no-cluster', 'it is not known where the Trino cluster is', hint)
  }
  const secret = (place: string | undefined) => (place === undefined ? null : readSecret(place, world).trim())
  return { url, catalog, schema, user, password: secret(password), token: secret(token) }
}
