// `check --online`: each card against what the model registry serves. Asks, and changes nothing.
import { Fault } from '../base/fault.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { listModels } from '../load/load-models.ts'
import { problemOf, readDocument } from '../load/read-document.ts'
import { isDiagnostic, readTreeFile } from '../load/repository-files.ts'
import { importedRegistry, type RegisteredVersion } from '../observe/importers/mlflow-registry.ts'
import { deployedModels, registryDifferences, registryPlace } from '../observe/registry-differences.ts'
import type { ModelRegistry, SourceTree } from '../world.ts'

export interface OnlineCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** Cards whose deployed versions point to the registry. */
  readonly models: number
}

/** Cards that cannot be read are left to the offline check. Faults `registry/…`, `http/…`. */
export async function checkOnline(tree: SourceTree, registry: ModelRegistry): Promise<OnlineCheck> {
  const diagnostics: Diagnostic[] = []
  let models = 0
  for (const { cardFile, files } of listModels(tree)) {
    const file = files.find(({ path }) => path === cardFile)
    const bytes = file === undefined ? null : readTreeFile(tree, file)
    if (bytes === null || isDiagnostic(bytes)) continue
    const { value, yaml } = readDocument<ModelCard>('model-card', cardFile, bytes)
    if (value === null) continue
    if (deployedModels(value).length > 0) models++
    const differences = registryDifferences(value, await heldVersions(registry, value))
    diagnostics.push(...differences.map(({ path, ...problem }) => problemOf(yaml, path, problem)))
  }
  return { diagnostics, models }
}

/** The models with their aliases, and each version that the card points to, with its tags. */
async function heldVersions(registry: ModelRegistry, card: ModelCard): Promise<RegisteredVersion[]> {
  const held: RegisteredVersion[] = []
  for (const name of deployedModels(card)) {
    held.push(...versionsOf(await registry.reply('registered-models/get', { name })))
    const places = (card.versions ?? []).map(({ artifact }) => registryPlace(artifact?.uri))
    const wanted = new Set(places.flatMap((place) => (place?.model === name ? [place.version] : [])))
    for (const version of wanted)
      held.push(...versionsOf(await registry.reply('model-versions/get', { name, version })))
  }
  return held
}

function versionsOf(reply: Uint8Array | null): readonly RegisteredVersion[] {
  if (reply === null) return []
  const versions = importedRegistry(reply)
  if (versions !== null) return versions
  throw new Fault(
    'registry/failed',
    'the MLflow registry answers with something else than its API says',
    'is `MLFLOW_TRACKING_URI` the tracking server?',
  )
}
