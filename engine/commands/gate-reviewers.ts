// Who looks at a change, by path, read from the base: whoever answers for what is changed, for what was measured, for the
// policies that a deployment would escape, and for what decides elsewhere (trust in the log, scripts, workflows).
import { posix } from 'node:path'
import { compareText } from '../base/order.ts'
import type { Governance } from '../domain/governance.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { addedLines, type ChangedFile } from '../remediate/gate-changes.ts'
import type { SourceTree } from '../world.ts'
import type { JudgedChange } from './gate-judge.ts'
import { escapedPolicies } from './gate-reach.ts'
import { replacedVersions } from './gate-replaced.ts'
import { linkTargets } from './gate-rules.ts'

/** Who answers, on the base, for what is changed at a path. */
export interface Reviewed {
  readonly path: string
  readonly owners: readonly string[]
  /** The models whose measurements the file's new lines take the place of. */
  readonly corrects?: readonly string[]
  /** The models that its other new lines measure. */
  readonly measures?: readonly string[]
  /** The policies that bound a deployment of the model, and would not any more. */
  readonly escapes?: readonly string[]
  /** The versions under whose name there would be another artifact or data set. */
  readonly replaces?: readonly string[]
}

/** What reviewers are told from. */
export interface ChangeToReview {
  readonly base: SourceTree
  readonly merged: SourceTree
  readonly changed: readonly ChangedFile[]
  readonly judged: Pick<JudgedChange, 'before' | 'after'>
}

/** In order of path; of what nobody answers for, nothing. */
export function reviewersOf({ base, merged, changed, judged }: ChangeToReview): readonly Reviewed[] {
  const rulebook = loadRulebook(base, { metrics: metricsById })
  const governors = rulebook.policies.map(({ owner }) => owner)
  const cards = cardReader(base)
  const newCards = cardReader(merged)
  const targets = [linkTargets(base), linkTargets(merged)]
  const linksTo = (path: string) => targets.flatMap((links) => links.get(path) ?? [])
  const lines = new Map(addedLines(changed).map((added) => [added.path, added]))
  const ownersOf = (model: string): readonly string[] => {
    const own = cards(model)
    if (own !== null) return own.owners
    const former = (newCards(model)?.formerly ?? []).flatMap((id) => cards(id)?.owners ?? [])
    return [...former, ...governors]
  }
  const answering = (path: string): readonly string[] => {
    const [, model] = /^models\/([^/]+)\//.exec(path) ?? []
    if (model !== undefined && model !== 'snapshots') return ownersOf(model)
    const own = rulebook.policies.find(({ place }) => place.file === path)
    if (own !== undefined) return [own.owner]
    return path.startsWith('policies/') || isDecisive(path, rulebook.governance) ? governors : []
  }
  const measuring = (models: readonly string[]) =>
    models.flatMap((model) => [...(cards(model)?.owners ?? []), cards(model)?.validator ?? []].flat())
  const escaped = escapedPolicies(judged, changed, lines)
  const replaced = replacedVersions(judged)
  return [...changed]
    .sort((a, b) => compareText(a.path, b.path))
    .flatMap(({ path }): Reviewed[] => {
      const { models = [], corrects = [], measures = [] } = lines.get(path) ?? {}
      const escapes = escaped.get(path) ?? { models: [], policies: [] }
      const links = linksTo(path)
      const swaps = [path, ...links].flatMap((card) => replaced.get(card) ?? [])
      const replaces = [...new Set(swaps.flatMap(({ versions }) => versions))].sort(compareText)
      const reached = [...escapes.policies, ...swaps.flatMap(({ policies }) => policies)]
      const owners = [
        ...[path, ...links].flatMap(answering),
        ...measuring([...models, ...escapes.models, ...swaps.map(({ model }) => model)]),
        ...rulebook.policies.filter(({ id }) => reached.includes(id)).map(({ owner }) => owner),
      ]
      if (owners.length === 0 && models.length === 0) return []
      return [
        {
          path,
          owners: [...new Set(owners)].sort(compareText),
          ...(corrects.length > 0 && { corrects }),
          ...(measures.length > 0 && { measures }),
          ...(escapes.policies.length > 0 && { escapes: escapes.policies }),
          ...(replaces.length > 0 && { replaces }),
        },
      ]
    })
}

/** Each card is read once; null where there is none that can be read. */
function cardReader(tree: SourceTree): (model: string) => ModelCard | null {
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const models = new Map(listModels(tree).map((files) => [files.id, files]))
  const read = new Map<string, ModelCard | null>()
  return (model) => {
    const known = read.get(model)
    if (known !== undefined) return known
    const files = models.get(model)
    const card = files === undefined ? null : (loadCard(tree, files, rulebook).loaded?.card ?? null)
    read.set(model, card)
    return card
  }
}

/** Outside `policies/`, and decides as much: whom to trust, who is asked, what machines run, how bytes are stored. */
function isDecisive(path: string, governance: Pick<Governance, 'triggers'>): boolean {
  return DECISIVE.test(path) || scriptsOf(governance).some((script) => isOfScript(path, script))
}

const DECISIVE =
  /^ledger\/policy$|(^|\/)\.gitattributes$|^\.gitmodules$|^\.(github|gitea|forgejo|gitlab|woodpecker|circleci)\/|^(docs\/)?CODEOWNERS$|^\.(gitlab-ci|travis|woodpecker)\.ya?ml$|^Jenkinsfile$/

/** What the commands of triggers name, as paths of the repository. */
function scriptsOf({ triggers }: Pick<Governance, 'triggers'>): string[] {
  return Object.values(triggers)
    .flatMap(({ argv }) => argv ?? [])
    .map((word) => posix.normalize(word.replace(/^-[^=]*=/, '')))
    .filter((path) => path !== '.' && !path.startsWith('/') && !path.startsWith('..'))
}

/** The script, what is in a folder that is named, or stands beside a script in a folder of its own. */
function isOfScript(path: string, script: string): boolean {
  const folder = posix.dirname(script)
  return path === script || path.startsWith(`${script}/`) || (folder !== '.' && path.startsWith(`${folder}/`))
}
