// `tutela ledger key new|show`: the key that the log is signed with.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { createKeyFile, type KeySetting, keyPlace, loadSigner } from '../ledger/load-signer.ts'
import { POLICY_PATH, policyText, requireNamed } from '../ledger/log-policy.ts'
import { formatVerifierKey, type Signer } from '../ledger/note-key.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { GitStore } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { openStore } from './open-repository.ts'
import type { SourceLines } from './source-excerpt.ts'

export const command: Command = {
  name: 'ledger',
  summary: 'the key that the ledger is signed with',
  description:
    '`key new` makes the private key outside the tree (by default `tutela/ledger.key` in the Git directory, readable by you alone) and writes `ledger/policy`, which names its public half. `key show` prints the public half, and where the private one is.',
  examples: ['tutela ledger key new', 'tutela ledger key show --format json'],
  arguments: [
    { name: '<what>', help: '`key`', choices: ['key'] },
    { name: '<action>', help: '`new` or `show`', choices: ['new', 'show'] },
  ],
  run: async (invocation) => {
    const store = openStore(invocation)
    const tree = store.workingTree()
    const { governance, diagnostics } = loadGovernance(tree, { metrics: metricsById })
    // With a faulty governance.yaml the origin would be the default one, and a key is made for its origin.
    if (hasErrors(diagnostics)) return invalid(diagnostics, sourceOf(tree))
    return invocation.args[1] === 'new'
      ? makeKey(invocation, store, governance)
      : showKey(invocation, store, governance)
  },
}

function invalid(diagnostics: readonly Diagnostic[], source: SourceLines): CommandResult {
  const json = { apiVersion: 'tutela/v1', kind: 'LedgerKey', diagnostics }
  const text = () => 'policies/governance.yaml has errors: no key is made or shown'
  return { exit: 3, diagnostics, source, json, text }
}

function settingOf(store: GitStore, { ledger }: Governance): KeySetting {
  return { key: ledger.key, origin: ledger.origin, gitDir: store.gitDir, workTree: store.workTree }
}

function makeKey({ world }: Invocation, store: GitStore, governance: Governance): CommandResult {
  const { workTree } = store
  if (workTree === null)
    throw new Fault(
      'ledger/no-work-tree',
      'a bare repository has no place for `ledger/policy`',
      'make the key in a clone',
    )
  refuseSecondLog(store, governance)
  // Before the key: witnesses that cannot be read must not leave a key without its policy.
  policyText(governance.ledger, [])
  const { path, signer } = createKeyFile(settingOf(store, governance), randomBytes(32))
  world.files.write(join(workTree, POLICY_PATH), policyText(governance.ledger, [signer.key]))
  const json = keyJson(signer.key.name, formatVerifierKey(signer.key), path, true)
  const variable =
    governance.ledger.key?.startsWith('env:') === true ? governance.ledger.key.slice('env:'.length) : null
  const text = () =>
    [
      `made the key of ${json.origin}`,
      `  public   ${json.vkey}`,
      `  private  ${path} (keep a copy where only the operators can read it)`,
      ...(variable === null ? [] : [`           put its text into the variable ${variable}, then remove the file`]),
      `  policy   ${POLICY_PATH} names it: commit that file`,
    ].join('\n')
  return { exit: 0, json, text }
}

/** A log that is signed already is continued with its key, or not at all. */
function refuseSecondLog(store: GitStore, { record }: Governance): void {
  const commit = record.branch === null ? null : store.resolve(record.branch)
  const trees = [store.workingTree(), ...(commit === null ? [] : [store.commitTree(commit)])]
  const signed = trees.find((tree) => tree.has('ledger/checkpoint'))
  if (signed === undefined) return
  throw new Fault(
    'ledger/log-exists',
    `the log in the ${signed.label} is signed already, and a new key cannot continue it`,
    'put the key that `ledger/policy` names where `ledger.key` says, or move `ledger/` away to begin a new log',
  )
}

function showKey({ world }: Invocation, store: GitStore, governance: Governance): CommandResult {
  const setting = settingOf(store, governance)
  const signer = loadSigner(world.process, setting)
  const { key } = signer
  const place = keyPlace(setting)
  const tree = store.workingTree()
  const isNamed = names(tree.has(POLICY_PATH) ? tree.read(POLICY_PATH) : null, signer)
  const json = keyJson(
    key.name,
    formatVerifierKey(key),
    place.kind === 'env' ? `env:${place.name}` : place.path,
    isNamed,
  )
  const text = () =>
    [
      `the key of ${json.origin}`,
      `  public   ${json.vkey}`,
      `  private  ${json.private}`,
      `  policy   ${isNamed ? `${POLICY_PATH} names it` : `${POLICY_PATH} does NOT name it: \`tutela run\` refuses it`}`,
    ].join('\n')
  return { exit: 0, json, text }
}

function names(policy: Uint8Array | null, signer: Signer): boolean {
  try {
    requireNamed(policy, signer)
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

function keyJson(origin: string, vkey: string, place: string, named: boolean) {
  return { apiVersion: 'tutela/v1', kind: 'LedgerKey', origin, vkey, private: place, named } as const
}
