// The scratch governance repository of the story: its first commit, and what people and the measuring pipeline add to it.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { SEED_BYTES } from '../base/ed25519.ts'
import type { Instant } from '../domain/instant.ts'
import { createKeyFile } from '../ledger/load-signer.ts'
import { POLICY_PATH, policyText } from '../ledger/log-policy.ts'
import type { GitStore, TreeChanges, World } from '../world.ts'
import { type BundledSnapshot, bundledFiles, bundledSnapshots } from './bundled-files.ts'
import { emailOf, makeKeys, VISITOR } from './demo-people.ts'

const ATTRIBUTES = 'ledger/** -text\n*.yaml text eol=lf\n*.ndjson text eol=lf\n'
const WAIVERS = 'policies/waivers/'
/** As in the example's governance.yaml: `run` refuses another. */
const ORIGIN = 'banco.example/tutela'

/** The scratch repository, and what people and the measuring pipeline do to it. */
export interface DemoRepository {
  readonly store: GitStore
  readonly folder: string
  /** Files of the package below a folder, to commit. */
  bundled(folder: string): TreeChanges
  /** The text of a file at HEAD. */
  read(path: string): string
  /** Commits files as a person (or as `measuring`), at a moment. */
  commit(author: string, now: Instant, message: string, changes: TreeChanges): void
  /** Commits the snapshots of models in use whose windows have ended, those that were not yet handed out. */
  handOut(now: Instant, models: readonly string[]): readonly BundledSnapshot[]
}

/** When the story begins, and with what. */
export interface FirstCommit {
  readonly now: Instant
  readonly model: string
  /** Whether people get keys, or `policies/allowed-signers` stays as it is in the package. */
  readonly withKeys: boolean
}

/** Policies, the first model and the ledger's key; waivers and the second model come with the story. */
export function createDemoRepository(world: World, folder: string, first: FirstCommit): DemoRepository {
  const store = world.repositories.create(folder)
  if (first.withKeys) introduce(world, store)
  const waiting = [...bundledSnapshots()]
  const repository: DemoRepository = {
    store,
    folder,
    bundled: bundledFiles,
    read: (path) => Buffer.from(store.workingTree().read(path)).toString('utf8'),
    commit: (author, now, message, changes) => commitAs(store, { author, now, message, changes }),
    handOut: (now, models) => {
      const due = waiting.filter(({ end, snapshot }) => end <= now && models.includes(snapshot.model))
      for (const one of due) waiting.splice(waiting.indexOf(one), 1)
      if (due.length > 0)
        repository.commit('measuring', now, 'snapshots: windows that have ended\n', withLines(store, due))
      return due
    },
  }
  repository.commit('ana', first.now, 'policies, and the first model\n', firstFiles(world, store, first))
  return repository
}

/** Git is told who sits here, so that the commands that the demo ends with work on a machine that knows nobody. */
function introduce({ files }: World, { gitDir }: GitStore): void {
  const config = join(gitDir, 'config')
  const user = `[user]\n\tname = ${VISITOR}\n\temail = ${emailOf(VISITOR)}\n`
  files.write(config, Buffer.concat([files.read(config) ?? new Uint8Array(), Buffer.from(user)]))
}

function firstFiles(world: World, store: GitStore, { model, withKeys }: FirstCommit): Map<string, Uint8Array> {
  const policies = [...bundledFiles('policies')].filter(([path]) => !path.startsWith(WAIVERS))
  const files = new Map([...policies, ...bundledFiles(`models/${model}`)])
  files.set('.gitattributes', Buffer.from(ATTRIBUTES))
  if (withKeys) files.set('policies/allowed-signers', Buffer.from(makeKeys(world.files, store.gitDir)))
  const setting = { key: null, origin: ORIGIN, gitDir: store.gitDir, workTree: store.workTree }
  const { signer } = createKeyFile(setting, randomBytes(SEED_BYTES))
  files.set(POLICY_PATH, Buffer.from(policyText({ raw: {} }, [signer.key])))
  return files
}

function withLines(store: GitStore, due: readonly BundledSnapshot[]): Map<string, Uint8Array> {
  const head = store.resolve('HEAD')
  const tree = head === null ? null : store.commitTree(head)
  const changes = new Map<string, Uint8Array>()
  for (const { path, line } of due) {
    const before = changes.get(path) ?? (tree?.has(path) ? tree.read(path) : new Uint8Array())
    changes.set(path, Buffer.concat([before, Buffer.from(`${line}\n`)]))
  }
  return changes
}

function commitAs(
  store: GitStore,
  { author, now, message, changes }: { author: string; now: Instant; message: string; changes: TreeChanges },
): void {
  const ref = store.headRef() ?? 'refs/heads/main'
  const parent = store.resolve(ref)
  const person = { name: author, email: emailOf(author), at: now / 1000 }
  const commit = store.writeCommit({
    base: parent,
    parents: parent === null ? [] : [parent],
    changes,
    message,
    author: person,
    committer: person,
  })
  if (!store.updateRef({ ref, expect: parent, to: commit })) throw new Error(`internal error: ${ref} moved in a demo`)
  store.followCheckout(parent, commit, [...changes.keys()])
}
