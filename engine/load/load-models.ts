// The folders under models/: which there are, and the card of one of them, read when its turn comes and not held.
import { digestOf } from '../base/canonical-json.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Deployment, LoadedCard, ModelCard } from '../domain/model-card.ts'
import type { SourceTree, TreeFile } from '../world.ts'
import { checkCard, deploymentsIn } from './check-card.ts'
import { isInPlaceOfFolder, notAFolder } from './not-folders.ts'
import { type Partially, readDocument } from './read-document.ts'
import { isDiagnostic, isYml, notAFile, problemOfFile, readTreeFile, YML } from './repository-files.ts'

/** One folder under models/, by its paths alone. */
export interface ModelFiles {
  /** The folder's name. */
  readonly id: string
  readonly cardFile: string
  /** All files in the folder, sorted by path; the card is among them where there is one. */
  readonly files: readonly TreeFile[]
}

/** One card as it was read, with all that is wrong in its folder. */
export interface CardResult {
  /** Null where the file could not be read as a card; with errors of meaning alone it is there. */
  readonly loaded: LoadedCard | null
  /** Of a card that could not be read whole: where its sound part says the model is deployed. */
  readonly deployed: readonly Deployment[]
  readonly diagnostics: readonly Diagnostic[]
}

const SNAPSHOTS = 'snapshots'

/** One an existing folder, by id. `models/snapshots` is no model. */
export function listModels(tree: SourceTree): readonly ModelFiles[] {
  const folders = new Map<string, TreeFile[]>()
  for (const file of tree.list(['models'])) {
    const [, id, rest] = file.path.split('/', 3)
    if (id === undefined || id === SNAPSHOTS) continue
    if (rest === undefined && !isInPlaceOfFolder(tree, file)) continue
    const files = folders.get(id)
    if (files === undefined) folders.set(id, [file])
    else files.push(file)
  }
  return [...folders]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, files]) => ({ id, cardFile: `models/${id}/card.yaml`, files }))
    .filter(isModel)
}

/** The ids of all models, by the names of their folders. */
export function modelFolders(tree: SourceTree): readonly string[] {
  return listModels(tree).map(({ id }) => id)
}

/** Former id → present id, by what the cards say of themselves, readable or not in whole. Every card is read for it. */
export function formerModels(tree: SourceTree): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { id, cardFile, files } of listModels(tree)) {
    const file = files.find(({ path }) => path === cardFile)
    const bytes = file === undefined ? null : readTreeFile(tree, file)
    if (bytes === null || isDiagnostic(bytes)) continue
    const { sound } = readDocument<ModelCard>('model-card', cardFile, bytes)
    for (const former of sound?.formerly ?? []) if (former !== undefined) found.set(former, id)
  }
  return found
}

/** Whether a folder has the card's name. */
function isWithin(cardFile: string, path: string): boolean {
  return path.startsWith(`${cardFile}/`)
}

/** A folder of other things (documents, data) without a word of YAML is no model. */
function isModel({ id, cardFile, files }: ModelFiles): boolean {
  return (
    files.some(({ path }) => path === `models/${id}`) ||
    files.some(({ path }) => path === cardFile || isWithin(cardFile, path) || /\.(ya?ml|ndjson)$/i.test(path))
  )
}

/** YAML directly in models/, which nobody reads. */
export function strayModelFiles(tree: SourceTree): Diagnostic[] {
  return tree.list(['models']).flatMap(({ path }) => {
    if (path.split('/').length > 2 || !/\.(ya?ml|ndjson)$/i.test(path)) return []
    const hint = 'a card is `models/<id>/card.yaml`'
    return [
      problemOfFile(path, { severity: 'warning', code: 'load/stray-file', message: 'the file is not read', hint }),
    ]
  })
}

/** Reads one card and says all that is wrong in its folder. */
export function loadCard(tree: SourceTree, model: ModelFiles, rulebook: Rulebook): CardResult {
  const strays = strayFiles(model)
  const file = model.files.find(({ path }) => path === model.cardFile)
  if (file === undefined) return { loaded: null, deployed: [], diagnostics: [...strays, lacksCard(model)] }
  const bytes = readTreeFile(tree, file)
  if (isDiagnostic(bytes)) return { loaded: null, deployed: [], diagnostics: [...strays, bytes] }
  const document = readDocument<ModelCard>('model-card', model.cardFile, bytes)
  const diagnostics = [...strays, ...document.diagnostics, ...checkCard(document, model, rulebook.governance)]
  if (document.value === null) return { loaded: null, deployed: soundDeployments(document.sound), diagnostics }
  const loaded = { card: document.value, digest: digestOf(document.value), file: model.cardFile }
  return { loaded, deployed: [], diagnostics }
}

/** One broken field must not hide where a model runs. */
function soundDeployments(sound: Partially<ModelCard> | undefined): Deployment[] {
  if (sound === undefined || sound.stage === 'retired') return []
  return deploymentsIn(sound.deployment).flatMap(([{ environment, version }]) =>
    environment === undefined || version === undefined ? [] : [{ environment, version }],
  )
}

function lacksCard({ id, cardFile, files }: ModelFiles): Diagnostic {
  if (files.some(({ path }) => path === `models/${id}`)) return notAFolder(`models/${id}`)
  if (files.some(({ path }) => isWithin(cardFile, path))) return notAFile(cardFile)
  const names = files.map(({ path }) => path.slice(`models/${id}/`.length))
  const near = nearestWord('card.yaml', names)
  return problemOfFile(cardFile, {
    code: 'load/no-card',
    message: `\`models/${id}\` has no \`card.yaml\``,
    hint: near === undefined ? 'add one, or move the folder out of models/' : `rename \`${near}\``,
  })
}

/** Only the card is read: other YAML in the folder would silently govern nothing. */
function strayFiles({ cardFile, files }: ModelFiles): Diagnostic[] {
  return files.flatMap(({ path }) => {
    if (path === cardFile || isWithin(cardFile, path)) return []
    if (isYml(path)) return [problemOfFile(path, YML)]
    if (!/\.(yaml|ndjson)$/i.test(path)) return []
    const hint = path.endsWith('.ndjson') ? 'snapshots stand in models/snapshots/' : 'a model has one `card.yaml`'
    return [
      problemOfFile(path, { severity: 'warning', code: 'load/stray-file', message: 'the file is not read', hint }),
    ]
  })
}
