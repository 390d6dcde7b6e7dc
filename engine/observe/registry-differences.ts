// A card against what a registry holds: whether the version that the card says is deployed exists there, is the one that an
// alias serves, and has the same digest. Pure: replies come in, differences with their path in the card go out.
import { visibleText } from '../base/visible-text.ts'
import { type Deployment, deploymentsOf, type ModelCard, type ModelVersion } from '../domain/model-card.ts'
import type { RegisteredVersion } from './importers/mlflow-registry.ts'

export interface RegistryPlace {
  readonly model: string
  readonly version: string
}

export interface RegistryDifference {
  readonly code: `registry/${string}`
  readonly severity: 'error' | 'warning'
  /** Of the card. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint: string
}

/** `mlflow:credit-default/7`, or MLflow's own `models:/credit-default/7`. Null for any other place. */
export function registryPlace(uri: string | undefined): RegistryPlace | null {
  const [, model, version] = /^(?:mlflow:|models:\/)([^/@]+)\/(\d+)$/.exec(uri ?? '') ?? []
  return model === undefined || version === undefined ? null : { model, version }
}

interface RegistryAlias {
  readonly model: string
  readonly alias: string
}

/** `models:/credit-default@champion`: a place that says another version tomorrow. */
function registryAlias(uri: string | undefined): RegistryAlias | null {
  const [, model, alias] = /^(?:mlflow:|models:\/)([^/@]+)@([^/@]+)$/.exec(uri ?? '') ?? []
  return model === undefined || alias === undefined ? null : { model, alias }
}

/** The registered models that the card's deployed versions point to, each once. */
export function deployedModels(card: ModelCard): readonly string[] {
  const places = deploymentsOf(card).map((one) => {
    const uri = versionOf(card, one)?.artifact?.uri
    return (registryPlace(uri) ?? registryAlias(uri))?.model
  })
  return [...new Set(places.filter((model) => model !== undefined))].sort()
}

/** `held`: all that the registry told of those models; a model that it lacks has no version in it. */
export function registryDifferences(card: ModelCard, held: readonly RegisteredVersion[]): RegistryDifference[] {
  const isList = Array.isArray(card.deployment)
  return deploymentsOf(card).flatMap((deployment, index) => {
    const version = versionOf(card, deployment)
    const place = registryPlace(version?.artifact?.uri)
    if (version === undefined) return []
    if (place === null) return unpinned(card, version, held)
    const path = isList ? ['deployment', index, 'version'] : ['deployment', 'version']
    return differencesOf({ card, deployment, version, place, path }, held)
  })
}

/** An alias cannot be held against what is served, for it is that; other MLflow addresses are never passed over in silence. */
function unpinned(card: ModelCard, version: ModelVersion, held: readonly RegisteredVersion[]): RegistryDifference[] {
  const { uri } = version.artifact ?? {}
  const path = uriPath(card, version)
  const alias = registryAlias(uri)
  if (alias !== null) {
    const { model } = alias
    const served = held.find((one) => one.model === model && one.aliases.includes(alias.alias))?.version
    const now = served === undefined ? 'which the registry does not have' : `which serves version ${served} now`
    const message = `${version.version} is wherever the alias \`${visibleText(alias.alias)}\` of \`${visibleText(model)}\` points, ${now}`
    const hint = `a card pins a version: write \`models:/${visibleText(model)}/${served ?? '7'}\``
    const severity = served === undefined ? 'error' : 'warning'
    return [{ code: 'registry/unpinned', severity, path, message, hint }]
  }
  if (!/^(models|mlflow):/i.test(uri ?? '')) return []
  const message = `\`${visibleText(uri ?? '', 100)}\` names no version of a registered model: the registry was not asked`
  const hint = 'write `models:/<model>/<version>` or `mlflow:<model>/<version>`, the version being a number'
  return [{ code: 'registry/unknown-uri', severity: 'warning', path, message, hint }]
}

interface Deployed {
  readonly card: ModelCard
  readonly deployment: Deployment
  readonly version: ModelVersion
  readonly place: RegistryPlace
  readonly path: readonly (string | number)[]
}

function differencesOf(one: Deployed, held: readonly RegisteredVersion[]): RegistryDifference[] {
  const { card, version, place } = one
  const ofModel = held.filter(({ model }) => model === place.model)
  const own = ofModel.find((registered) => registered.version === place.version && registered.source !== null)
  if (own === undefined) {
    const message = `the registry has no version ${place.version} of \`${place.model}\``
    const hint = 'register it, or mend the version’s `artifact.uri`'
    return [{ code: 'registry/no-version', severity: 'error', path: uriPath(card, version), message, hint }]
  }
  return [...otherDigest(one, own), ...otherAlias(one, ofModel)]
}

function otherDigest({ card, version }: Deployed, own: RegisteredVersion): RegistryDifference[] {
  const [said, held] = [version.artifact?.sha256, own.tags.get('sha256')]
  if (said === undefined || held === undefined || bare(said) === bare(held)) return []
  const index = indexOf(card, version)
  return [
    {
      code: 'registry/other-digest',
      severity: 'error',
      path: ['versions', index, 'artifact', 'sha256'],
      message: `the registry’s version ${own.version} of \`${own.model}\` has another \`sha256\` than the card`,
      hint: 'find out which of the two was changed: a version never changes its content',
    },
  ]
}

/** The alias named like the environment, else like the role, says what is served. */
function otherAlias(
  { card, deployment, place, path }: Deployed,
  ofModel: readonly RegisteredVersion[],
): RegistryDifference[] {
  const names = [deployment.environment, deployment.role ?? 'champion']
  const alias = names.find((name) => ofModel.some(({ aliases }) => aliases.includes(name)))
  if (alias === undefined) {
    const message = `no alias of \`${place.model}\` says what is served: neither \`${names.join('` nor `')}\``
    const hint = `set the alias \`${deployment.environment}\` in the registry`
    return [{ code: 'registry/no-alias', severity: 'warning', path, message, hint }]
  }
  const served = ofModel.find(({ aliases }) => aliases.includes(alias))?.version
  if (served === undefined || served === place.version) return []
  const known = card.versions?.find(({ artifact }) => {
    const other = registryPlace(artifact?.uri)
    return other?.model === place.model && other.version === served
  })
  const other =
    known === undefined
      ? `its version ${served}, which the card does not list`
      : `${known.version}, its version ${served}`
  return [
    {
      code: 'registry/serves-other',
      severity: 'error',
      path,
      message: `the card deploys ${deployment.version}, but the registry’s alias \`${alias}\` of \`${place.model}\` serves ${other}`,
      hint: 'move the alias, or let the card say what is deployed',
    },
  ]
}

function versionOf(card: ModelCard, { version }: Deployment): ModelVersion | undefined {
  return card.versions?.find((one) => one.version === version)
}

function indexOf(card: ModelCard, version: ModelVersion): number {
  return card.versions?.indexOf(version) ?? 0
}

function uriPath(card: ModelCard, version: ModelVersion): readonly (string | number)[] {
  return ['versions', indexOf(card, version), 'artifact', 'uri']
}

function bare(digest: string): string {
  return digest.toLowerCase().replace(/^sha256:/, '')
}
