// `tutela ledger key new|show|rotate`: the key that the log is signed with, and how the log goes over to another.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { createKeyFile, type KeySetting, keyPlace, loadSigners } from '../ledger/load-signer.ts'
import { POLICY_PATH, policyText, requireNamed } from '../ledger/log-policy.ts'
import { formatVerifierKey, type Signer } from '../ledger/note-key.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { GitStore } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { endRotation, rotateKey, workTreeOf } from './ledger-key-rotate.ts'
import { ledgerWords } from './ledger-words.ts'
import { openStore } from './open-repository.ts'
import type { SourceLines } from './source-excerpt.ts'

const ACTIONS = ['new', 'show', 'rotate']

/** Does `new`, `show` or `rotate`; `rotate --end` where the option `end` is set. */
export function ledgerKey(invocation: Invocation): CommandResult {
  const action = invocation.args[1] ?? 'show'
  if (!ACTIONS.includes(action))
    throw new Fault('cli/bad-usage', `\`ledger key\` does not know \`${action}\``, `it is ${ACTIONS.join(', ')}`)
  const store = openStore(invocation)
  const tree = store.workingTree()
  const { governance, diagnostics } = loadGovernance(tree, { metrics: metricsById })
  // With a faulty governance.yaml the origin would be the default one, and a key is made for its origin.
  if (hasErrors(diagnostics)) return invalid(invocation, diagnostics, sourceOf(tree))
  const asked = { invocation, store, governance, setting: settingOf(store, governance) }
  if (action === 'new') return makeKey(invocation, store, governance)
  if (action === 'show') return showKey(invocation, store, governance)
  return invocation.options.end === true ? endRotation(asked) : rotateKey(asked)
}

function invalid(invocation: Invocation, diagnostics: readonly Diagnostic[], source: SourceLines): CommandResult {
  const json = { apiVersion: 'tutela/v1', kind: 'LedgerKey', diagnostics }
  const text = () => ledgerWords(invocation).key.invalid
  return { exit: 3, diagnostics, source, json, text }
}

function settingOf(store: GitStore, { ledger }: Governance): KeySetting {
  return { key: ledger.key, origin: ledger.origin, gitDir: store.gitDir, workTree: store.workTree }
}

function makeKey(invocation: Invocation, store: GitStore, governance: Governance): CommandResult {
  const { world } = invocation
  const workTree = workTreeOf(store)
  refuseSecondLog(store, governance)
  // Before the key: witnesses that cannot be read must not leave a key without its policy.
  policyText(governance.ledger, [])
  const { path, signer } = createKeyFile(settingOf(store, governance), randomBytes(32))
  world.files.write(join(workTree, POLICY_PATH), policyText(governance.ledger, [signer.key]))
  const json = keyJson(signer.key.name, formatVerifierKey(signer.key), path, true)
  const variable =
    governance.ledger.key?.startsWith('env:') === true ? governance.ledger.key.slice('env:'.length) : null
  const text = () => {
    const words = ledgerWords(invocation).key
    return [
      words.made(json.origin),
      `  ${words.public}  ${json.vkey}`,
      `  ${words.private}  ${path} ${words.keepCopy}`,
      ...(variable === null ? [] : [`${' '.repeat(4 + words.private.length)}${words.intoVariable(variable)}`]),
      `  ${words.policy}  ${words.namesIt}`,
    ].join('\n')
  }
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

function showKey(invocation: Invocation, store: GitStore, governance: Governance): CommandResult {
  const { world } = invocation
  const setting = settingOf(store, governance)
  const [signer, next] = loadSigners(world.process, setting)
  const { key } = signer
  const place = keyPlace(setting)
  const tree = store.workingTree()
  const policy = tree.has(POLICY_PATH) ? tree.read(POLICY_PATH) : null
  const isNamed = names(policy, signer)
  const json = {
    ...keyJson(key.name, formatVerifierKey(key), place.kind === 'env' ? `env:${place.name}` : place.path, isNamed),
    ...(next !== undefined && { next: { vkey: formatVerifierKey(next.key), named: names(policy, next) } }),
  }
  const text = () => {
    const words = ledgerWords(invocation).key
    return [
      words.of(json.origin),
      `  ${words.public}  ${json.vkey}`,
      ...(json.next === undefined
        ? []
        : [`  ${words.next}  ${json.next.vkey}${json.next.named ? '' : ` ${words.notNamedYet}`}`]),
      `  ${words.private}  ${json.private}`,
      `  ${words.policy}  ${isNamed ? words.isNamed : words.isNotNamed}`,
    ].join('\n')
  }
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
