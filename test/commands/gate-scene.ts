// A base and heads beside it, asked by `gate --base --head`: for the tests of what a pull request may do.
import { command as gate } from '../../engine/commands/gate.ts'
import type { GitStore } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { GOVERNED_FILES, governedRepository, NOW, openStore, snapshotLine } from '../run/governed-repository.ts'

export type Changes = Readonly<Record<string, string | null>>

export interface GateAnswer {
  readonly exit: number
  readonly codes: readonly string[]
  readonly missing: readonly { readonly code: string; readonly message: string }[]
  readonly reviewers: readonly {
    readonly path: string
    readonly owners: readonly string[]
    readonly escapes?: readonly string[]
    readonly measures?: readonly string[]
    readonly replaces?: readonly string[]
  }[]
  readonly text: string
}

export const SILENT: Changes = { 'models/silent/card.yaml': null }
export const CREDIT = 'models/credit/card.yaml'
/** Seconds; when commits are made unless said otherwise. */
const AT = 1_800_000_000
export const DAY = 'models/snapshots/2026/11/21T00'

/** A card of the small repository, with each change made. */
export function cardText(model: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the card has no ${from}`)
    return text.replace(from, to)
  }, GOVERNED_FILES[`models/${model}/card.yaml`] ?? '')
}

/** The card of `credit` that deploys 4.0.0. */
export function deployed4(): string {
  const listed = 'versions:\n  - { version: "4.0.0", artifact: { uri: "mlflow:credit/8" } }'
  return cardText('credit', ['versions:', listed], ['version: "3.2.0" }\n', 'version: "4.0.0" }\n'])
}

/** A window of version 4.0.0. */
export function line4(day: number, ratio: number): string {
  return snapshotLine('credit', day, ratio).replace('3.2.0', '4.0.0')
}

/** A repository whose `main` has these files, and commits on top of any of its commits. */
export function gateScene(base: Changes = {}) {
  const folder = governedRepository(base)
  const store = openStore(folder)
  return {
    folder,
    store,
    /** A commit with these changes; its id. */
    head: (changes: Changes, from = 'main', at = AT) => commit(store, changes, [from], at),
    /** A merge of two commits that holds what the first does but for these changes; its id. */
    merge: (ours: string, theirs: string, changes: Changes = {}) => commit(store, changes, [ours, theirs]),
    /** Puts `main` elsewhere. */
    moveMain: (to: string) => store.updateRef({ ref: 'refs/heads/main', expect: store.resolve('main'), to }),
    /** Moves `main` by a commit with these changes. */
    advance(changes: Changes) {
      const expect = store.resolve('main')
      const to = commit(store, changes, ['main'])
      store.updateRef({ ref: 'refs/heads/main', expect, to })
    },
    ask: (head: string, more: Parameters<typeof ask>[2] = {}) => ask(folder, head, more),
  }
}

export async function ask(
  folder: string,
  head: string,
  { base = 'main', now = NOW }: { readonly base?: string; readonly now?: string } = {},
): Promise<GateAnswer> {
  const result = await askCommand(gate, folder, { options: { base, head }, now })
  const { missing, reviewers } = JSON.parse(JSON.stringify(result.json)) as Pick<GateAnswer, 'missing' | 'reviewers'>
  return { exit: result.exit, codes: missing.map(({ code }) => code), missing, reviewers, text: result.text() }
}

function commit(store: GitStore, changes: Changes, from: readonly string[], at = AT): string {
  const parents = from.map((one) => store.resolve(one) ?? '')
  const [base = null] = parents
  const person = { name: 'Rui', email: 'rui@example.org', at }
  const files = new Map(Object.entries(changes).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]))
  return store.writeCommit({ base, parents, changes: files, message: 'x\n', author: person, committer: person })
}
