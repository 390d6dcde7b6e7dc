// MLflow's registry in the card's terms: which versions a registered model has, the run and source of each, their aliases
// and tags. There is no measurement in it; a card is compared with it.
import { Refusal } from './imported.ts'
import { isArray, isObject, maybeText, member, objectsAt, textAt, wrongType } from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'

export interface RegisteredVersion {
  readonly model: string
  /** Text, as the registry has it: `7`. */
  readonly version: string
  readonly runId: string | null
  readonly source: string | null
  /** Sorted. */
  readonly aliases: readonly string[]
  readonly tags: ReadonlyMap<string, string>
}

const KEYS = ['registered_model', 'registered_models', 'model_version', 'model_versions']

/** Whether a reply is the registry's. */
export function isRegistryReply(top: JsonObject): boolean {
  return KEYS.some((key) => Object.hasOwn(top, key))
}

/** Of the bytes of a reply; null where they are none of the registry's. */
export function importedRegistry(bytes: Uint8Array): readonly RegisteredVersion[] | null {
  try {
    const top = readJson(readText(bytes, 'json'))
    return isObject(top) && isRegistryReply(top) ? registeredVersions(top) : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/**
 * Of a reply to `registered-models/get`, `/search`, `/alias`, or `model-versions/get`, `/search`. A version that only an
 * alias names is there without run and source. Throws `Refusal` where a field has a wrong type.
 */
export function registeredVersions(top: JsonObject): readonly RegisteredVersion[] {
  const models = [member(top, 'registered_model'), ...listOf(top, 'registered_models')].filter(isObject)
  const versions = [member(top, 'model_version'), ...listOf(top, 'model_versions')].filter(isObject)
  return [...models.flatMap(versionsOfModel), ...versions.map((version) => versionOf(version, []))]
}

function listOf(object: JsonObject, key: string): readonly JsonValue[] {
  const list = member(object, key)
  return isArray(list) ? list : []
}

function versionsOfModel(model: JsonObject): RegisteredVersion[] {
  const name = textAt(model, 'name')
  const aliases = member(model, 'aliases') === undefined ? [] : objectsAt(model, 'aliases')
  // Once for all versions: a reply may have very many of both.
  const byVersion = Map.groupBy(aliases, number)
  const aliasesOf = (version: string) => (byVersion.get(version) ?? []).map((one) => textAt(one, 'alias'))
  const latest = listOf(model, 'latest_versions').filter(isObject)
  const known = latest.map((version) => versionOf(version, aliasesOf(number(version))))
  for (const { version } of known) byVersion.delete(version)
  const bare = { model: name, runId: null, source: null, tags: new Map<string, string>() }
  return [...known, ...[...byVersion.keys()].map((version) => ({ ...bare, version, aliases: aliasesOf(version) }))]
}

function versionOf(version: JsonObject, ofModel: readonly string[]): RegisteredVersion {
  const own = listOf(version, 'aliases').filter((alias) => typeof alias === 'string')
  const tags = member(version, 'tags') === undefined ? [] : objectsAt(version, 'tags')
  return {
    model: textAt(version, 'name'),
    version: number(version),
    runId: maybeText(version, 'run_id') ?? null,
    source: maybeText(version, 'source') ?? null,
    aliases: [...new Set([...own, ...ofModel])].sort(),
    tags: new Map(tags.map((tag) => [textAt(tag, 'key'), maybeText(tag, 'value') ?? ''])),
  }
}

/** Text in MLflow's replies; a proxy may have made it a number. */
function number(object: JsonObject): string {
  const version = member(object, 'version')
  if (typeof version === 'string') return version
  if (typeof version === 'number' && Number.isInteger(version)) return String(version)
  throw wrongType('version', 'text', version)
}

/** One line a version, for people. */
export function registryNotes(top: JsonObject): string[] {
  return registeredVersions(top).map(({ model, version, runId, aliases }) => {
    const named = aliases.length === 0 ? '' : `, alias ${aliases.join(', ')}`
    return `\`${model}\` version ${version}${runId === null ? '' : `, run ${runId}`}${named}`
  })
}
