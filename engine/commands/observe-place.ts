// Which version was measured, and where it is deployed: as asked, else as the card says. What the card does not know is refused
// before anything is read, since a line of a snapshot is never taken away again.
import { Fault } from '../base/fault.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { visibleText } from '../base/visible-text.ts'
import { type Deployment, deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Invocation } from './command.ts'
import { type ObserveRequest, textOption } from './observe-request.ts'

export interface DeployedPlace {
  readonly version: string
  readonly environment: string
}

/** The champion before others. Faults `observe/unknown-version`, `cli/bad-usage`. */
export function placeOf(invocation: Invocation, card: ModelCard, request: ObserveRequest): DeployedPlace {
  requireKnownVersion(invocation, card, request)
  const { version, environment } = request
  const fits = (one: Deployment) =>
    (version === null || one.version === version) && (environment === null || one.environment === environment)
  const all = deploymentsOf(card)
  const deployments = all.filter(fits)
  const chosen = deployments.find(({ role = 'champion' }) => role === 'champion') ?? deployments[0]
  const place = { version: version ?? chosen?.version, environment: environment ?? chosen?.environment }
  if (place.version !== undefined && place.environment !== undefined) return place as DeployedPlace
  throw new Fault('cli/bad-usage', ...whyNowhere(card, request, all))
}

/** A candidate is measured before it is listed: its validation, or a line that goes to a file. */
function requireKnownVersion(invocation: Invocation, card: ModelCard, { version, purpose }: ObserveRequest): void {
  const listed = card.versions?.map((one) => one.version)
  const isCandidate = purpose === 'validation' || textOption(invocation, 'out') !== null
  if (version === null || listed === undefined || listed.includes(version) || isCandidate) return
  const near = nearestWord(version, listed)
  const meant = near === undefined ? '' : `did you mean \`${visibleText(near)}\`? `
  const all = listed.length === 0 ? 'it lists none' : `it lists ${words(listed)}`
  throw new Fault(
    'observe/unknown-version',
    `the card of \`${card.id}\` lists no version \`${visibleText(version)}\`, so no rule would judge what is measured`,
    `${meant}${all}; a candidate is measured with \`--purpose validation\` or \`--out FILE\``,
  )
}

function whyNowhere(
  { id }: ModelCard,
  { version, environment, target }: ObserveRequest,
  all: readonly Deployment[],
): [message: string, hint: string] {
  const inCard = target.kind === 'all' ? 'say in the card where it is deployed' : null
  const there = words(all.map((one) => `${one.version} in ${one.environment}`))
  const deploys = all.length === 0 ? 'deploys no version' : `deploys ${there}`
  if (version !== null)
    return [
      `the card of \`${id}\` ${deploys}, and not \`${visibleText(version)}\`: its environment is not known`,
      inCard ?? `name it, such as \`--environment ${all[0]?.environment ?? 'production'}\``,
    ]
  const where = environment === null ? '' : `, and none in \`${visibleText(environment)}\``
  return [
    `the card of \`${id}\` ${deploys}${where}: which version was measured is not known`,
    inCard ?? `name it with \`--version\`${environment === null ? ' and `--environment`' : ''}`,
  ]
}

/** More than these are many; the number is arbitrary. */
const MOST_LISTED = 8

function words(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map((name) => `\`${visibleText(name)}\``)
  return `${shown.join(', ')}${names.length > MOST_LISTED ? ' and others' : ''}`
}
