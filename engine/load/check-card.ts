// What a model card must say beyond its schema: its own name, an independent validator, a deployed version that exists,
// days that exist, files that exist.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { isRealDay } from '../domain/instant.ts'
import type { Deployment, ModelCard } from '../domain/model-card.ts'
import { idHint } from './id-hint.ts'
import { nearOr, nearOrList } from './load-governance.ts'
import type { ModelFiles } from './load-models.ts'
import { noSuchDay } from './no-such-day.ts'
import { type Document, type Partially, problemAtKey, problemOf } from './read-document.ts'
import type { YamlPath } from './read-yaml.ts'
import { quoted } from './schema-problems.ts'
import type { Problem } from './source-text.ts'
import { isAmong, teamProblem } from './teams.ts'

type Sound = Partially<ModelCard>
type Tell = (path: YamlPath, problem: Problem, at?: 'key' | 'value') => void

/** Of a faulty card, what is left is checked all the same. */
export function checkCard(document: Document<ModelCard>, model: ModelFiles, governance: Governance): Diagnostic[] {
  const { yaml, sound } = document
  if (sound === undefined) return []
  const found: Diagnostic[] = []
  const tell: Tell = (path, problem, at = 'value') => {
    found.push(at === 'key' ? problemAtKey(yaml, path, problem) : problemOf(yaml, path, problem))
  }
  checkIds(sound, model, tell)
  checkPeople(sound, governance, tell)
  checkDays(sound, tell)
  checkData(sound, tell)
  checkDeployments(sound, writtenVersions(document), tell)
  checkCriteria(sound, model, tell)
  checkTrigger(sound, governance, tell)
  return found
}

function checkIds({ id, formerly }: Sound, model: ModelFiles, tell: Tell): void {
  if (id !== undefined && id !== model.id) {
    tell(['id'], {
      code: 'load/id-and-folder',
      message: `the id \`${id}\` is not the folder's name, \`${model.id}\``,
      hint: idHint(id, model.id, 'folder'),
    })
  }
  formerly?.forEach((former, index) => {
    if (former !== undefined && former === id)
      tell(['formerly', index], {
        code: 'load/former-id',
        message: `\`${former}\` is the card's own id`,
        hint: 'remove it: `formerly` lists ids that the model had before',
      })
  })
}

function checkPeople({ owners, validator }: Sound, governance: Governance, tell: Tell): void {
  const known = (owners ?? []).filter((owner) => owner !== undefined)
  if (validator !== undefined && isAmong(validator, known, governance)) {
    tell(['validator'], {
      code: 'load/validator-owns',
      message: `the validator ${quoted(validator)} is also an owner`,
      hint: 'validation is independent of the owners (CMN 4.557)',
    })
  }
  owners?.forEach((owner, index) => {
    const problem = owner === undefined ? null : teamProblem(owner, governance)
    if (problem !== null) tell(['owners', index], problem)
  })
  const problem = validator === undefined ? null : teamProblem(validator, governance)
  if (problem !== null) tell(['validator'], problem)
}

function checkDays({ privacy, review, versions }: Sound, tell: Tell): void {
  const days: [YamlPath, string | undefined][] = [
    [['privacy', 'ripd', 'date'], privacy?.ripd?.date],
    [['review', 'last'], review?.last],
    ...(versions ?? []).map((version, index): [YamlPath, string | undefined] => [
      ['versions', index, 'trained'],
      version?.trained,
    ]),
  ]
  for (const [path, day] of days) {
    if (day === undefined || isRealDay(day)) continue
    tell(path, noSuchDay(day))
  }
}

function checkData({ data }: Sound, tell: Tell): void {
  tellRepeated(
    data?.features?.map((f) => f?.name),
    ['data', 'features'],
    'name',
    'features have the name',
    tell,
  )
  tellRepeated(
    data?.protected?.map((p) => p?.name),
    ['data', 'protected'],
    'name',
    'protected attributes have the name',
    tell,
  )
  data?.features?.forEach((feature, index) => {
    const { min, max } = feature ?? {}
    if (min === undefined || max === undefined || min <= max) return
    tell(['data', 'features', index, 'max'], {
      code: 'load/bad-range',
      message: `\`max: ${max}\` is below \`min: ${min}\``,
      hint: 'exchange the two, or correct one',
    })
  })
}

function tellRepeated(
  names: readonly (string | undefined)[] | undefined,
  path: YamlPath,
  field: string,
  words: string,
  tell: Tell,
): void {
  const seen = new Set<string>()
  names?.forEach((name, index) => {
    if (name === undefined) return
    if (seen.has(name))
      tell([...path, index, field], {
        code: 'load/repeated-name',
        message: `two ${words} ${quoted(name)}`,
        hint: 'remove one, or give each a name of its own',
      })
    seen.add(name)
  })
}

/** Of one that is not in quotes its text, which says what was meant; undefined where there is none. */
function writtenVersions({ yaml, sound }: Document<ModelCard>): readonly (string | undefined)[] {
  const written = (yaml.value as { readonly versions?: unknown } | undefined)?.versions
  return (sound?.versions ?? []).map((one, index) => {
    const raw = Array.isArray(written) ? (written[index] as { readonly version?: unknown } | null)?.version : undefined
    if (one?.version !== undefined || typeof raw !== 'number') return one?.version
    const { start, end } = yaml.valueSpan(['versions', index, 'version'])
    return yaml.source.text.slice(start, end)
  })
}

function checkDeployments({ deployment, stage }: Sound, names: readonly (string | undefined)[], tell: Tell): void {
  tellRepeated(names, ['versions'], 'version', 'entries have the version', tell)
  const champions = new Set<string>()
  for (const [one, path] of deploymentsIn(deployment)) {
    const { environment, version, role } = one
    if (version !== undefined && names.every((name) => name !== undefined && name !== version)) {
      tell([...path, 'version'], {
        code: 'load/unknown-version',
        message: `the deployed version ${quoted(version)} is not among \`versions\``,
        hint: nearOrList(
          version,
          names.flatMap((name) => name ?? []),
          'versions',
        ),
      })
    }
    if (environment === undefined || (role ?? 'champion') !== 'champion') continue
    if (champions.has(environment)) {
      tell([...path, 'environment'], {
        code: 'load/two-champions',
        message: `\`${environment}\` has two champions`,
        hint: 'give one of them `role: challenger` or `role: shadow`',
      })
    }
    champions.add(environment)
  }
  if (stage === 'production' && deployment === undefined) {
    tell(['stage'], {
      severity: 'warning',
      code: 'load/not-deployed',
      message: 'the model is in production, but the card has no `deployment`',
      hint: 'only its card rules are judged',
    })
  }
}

/** What a card, faulty or not, says of its deployments, each with its path. */
export function deploymentsIn(deployment: Sound['deployment']): readonly [Partially<Deployment>, YamlPath][] {
  if (deployment === undefined) return []
  if (!Array.isArray(deployment)) return [[deployment as Partially<Deployment>, ['deployment']]]
  const list = deployment as readonly (Partially<Deployment> | undefined)[]
  return list.flatMap((one, index): [Partially<Deployment>, YamlPath][] =>
    one === undefined ? [] : [[one, ['deployment', index]]],
  )
}

function checkCriteria({ criteria }: Sound, { id, files }: ModelFiles, tell: Tell): void {
  for (const language of ['pt', 'en'] as const) {
    const name = criteria?.[language]
    if (name === undefined || files.some(({ path }) => path === `models/${id}/${name}`)) continue
    const names = files.map(({ path }) => path.slice(`models/${id}/`.length))
    tell(['criteria', language], {
      code: 'load/missing-file',
      message: `there is no file ${quoted(`models/${id}/${name}`)}`,
      hint: nearOr(name, names, 'put the file beside the card, or correct its name'),
    })
  }
}

function checkTrigger({ retrain }: Sound, { triggers }: Governance, tell: Tell): void {
  const name = retrain?.trigger
  if (name === undefined || Object.hasOwn(triggers, name)) return
  tell(['retrain', 'trigger'], {
    severity: 'warning',
    code: 'load/unknown-trigger',
    message: `the trigger ${quoted(name)} is not configured`,
    hint: nearOrList(name, Object.keys(triggers), 'triggers'),
  })
}
