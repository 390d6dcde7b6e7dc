// `tutela ledger key rotate`: makes the next key, lets both sign, and with `--end` leaves the new one alone. Each step can
// be done again after a crash between its two writes.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import { type KeySetting, keyPlace, loadSigners } from '../ledger/load-signer.ts'
import { namedSigners, POLICY_PATH, policyText } from '../ledger/log-policy.ts'
import { formatVerifierKey, type VerifierKey } from '../ledger/note-key.ts'
import { addNextKey, dropOldKey, type NextKey } from '../ledger/rotate-key.ts'
import { hasSigned } from '../ledger/rotation.ts'
import { logReader } from '../record/run-commit.ts'
import type { GitStore } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { ledgerWords } from './ledger-words.ts'

/** The repository whose log changes its key. */
export interface Rotation {
  readonly invocation: Invocation
  readonly store: GitStore
  readonly governance: Governance
  readonly setting: KeySetting
}

/** Makes the next key beside the present one and names both in `ledger/policy`. */
export function rotateKey(rotation: Rotation): CommandResult {
  const { invocation, store, governance, setting } = rotation
  const workTree = workTreeOf(store)
  const [present, begun] = loadSigners(invocation.world.process, setting)
  const policy = policyOf(store)
  namedSigners(policy, [present])
  if (begun !== undefined && isNamed(policy, begun.key)) throw underWay()
  // Before the key: what cannot be written must not leave a key without its policy.
  policyText(governance.ledger, [present.key])
  const next: NextKey =
    begun === undefined
      ? addNextKey(setting, randomBytes(32))
      : { signer: begun, path: placeText(setting), variable: null }
  writePolicy(rotation, workTree, [present.key, next.signer.key])
  const [from, to] = [formatVerifierKey(present.key), formatVerifierKey(next.signer.key)]
  const json = rotationJson(governance, from, to, next.path, 'begun')
  const text = () => {
    const { key: label, rotation: words } = ledgerWords(invocation)
    return [
      words.goesOver(governance.ledger.origin),
      `  ${label.from}  ${from}`,
      `  ${label.to}  ${to}`,
      `  ${label.private}  ${next.path}${next.variable === null ? words.holdsBoth : ''} ${label.keepCopy}`,
      ...(next.variable === null ? [] : [`${' '.repeat(4 + label.private.length)}${words.behindOld(next.variable)}`]),
      `  ${label.policy}  ${words.namesBoth}`,
      '',
      words.next,
      '  tutela ledger key rotate --end',
    ].join('\n')
  }
  return { exit: 0, json, text }
}

/** Leaves the new key alone, once the log says so under both. */
export function endRotation(rotation: Rotation): CommandResult {
  const { invocation, store, governance, setting } = rotation
  const workTree = workTreeOf(store)
  const signers = loadSigners(invocation.world.process, setting)
  const [old, next] = signers
  if (next === undefined) {
    throw new Fault(
      'ledger/no-rotation',
      'the log has one key, so no rotation can end',
      'begin one with `tutela ledger key rotate`',
    )
  }
  if (!hasSigned(logReader(recordTree(store, governance)), next)) {
    throw new Fault(
      'ledger/rotation-not-recorded',
      'the new key has not signed the log yet, so the log would end with the old one',
      `commit \`${POLICY_PATH}\` with both keys, then \`tutela run\``,
    )
  }
  // The policy first: a key that it does not name any more signs nothing, and a crash here can be done again.
  writePolicy(rotation, workTree, [next.key])
  const { variable } = dropOldKey(setting, signers)
  const [from, to] = [formatVerifierKey(old.key), formatVerifierKey(next.key)]
  const json = rotationJson(governance, from, to, placeText(setting), 'ended')
  const text = () => {
    const { key: label, rotation: words } = ledgerWords(invocation)
    return [
      words.oneAgain(governance.ledger.origin),
      `  ${label.public}  ${to}`,
      `  ${label.private}  ${variable === null ? words.holdsAlone(json.private) : words.takeOut(variable)}`,
      `  ${label.policy}  ${words.namesNew}`,
    ].join('\n')
  }
  return { exit: 0, json, text }
}

function recordTree(store: GitStore, { record }: Governance) {
  const commit = store.resolve(record.branch ?? 'HEAD')
  return commit === null ? null : store.commitTree(commit)
}

function policyOf(store: GitStore): Uint8Array | null {
  const tree = store.workingTree()
  return tree.has(POLICY_PATH) ? tree.read(POLICY_PATH) : null
}

function isNamed(policy: Uint8Array | null, key: VerifierKey): boolean {
  const vkey = formatVerifierKey(key)
  return policy !== null && Buffer.from(policy).toString('utf8').split(/\s+/).includes(vkey)
}

function writePolicy({ invocation, governance }: Rotation, workTree: string, keys: readonly VerifierKey[]): void {
  invocation.world.files.write(join(workTree, POLICY_PATH), policyText(governance.ledger, keys))
}

function placeText(setting: KeySetting): string {
  const place = keyPlace(setting)
  return place.kind === 'env' ? `env:${place.name}` : place.path
}

function rotationJson({ ledger }: Governance, from: string, to: string, place: string, state: 'begun' | 'ended') {
  return { apiVersion: 'tutela/v1', kind: 'LedgerKeyRotation', origin: ledger.origin, from, to, private: place, state }
}

function underWay(): Fault {
  return new Fault(
    'ledger/rotation-under-way',
    'a rotation is under way: the log has two keys',
    'when `tutela run` has recorded it, end it with `tutela ledger key rotate --end`',
  )
}

/** Where `ledger/policy` is written. Faults `ledger/no-work-tree`. */
export function workTreeOf({ workTree }: GitStore): string {
  if (workTree !== null) return workTree
  throw new Fault(
    'ledger/no-work-tree',
    'a bare repository has no place for `ledger/policy`',
    'make the key in a clone',
  )
}
