// `tutela ledger policy`: writes `ledger/policy` anew, after people changed the witnesses or the quorum in governance.yaml.
import { join } from 'node:path'
import { hasErrors } from '../domain/diagnostic.ts'
import { loadSigners } from '../ledger/load-signer.ts'
import { POLICY_PATH, policyText } from '../ledger/log-policy.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { workTreeOf } from './ledger-key-rotate.ts'
import { ledgerWords } from './ledger-words.ts'
import { openStore } from './open-repository.ts'

/** Names the key that signs, both keys during a rotation, and the witnesses. Nothing is committed. */
export function ledgerPolicy(invocation: Invocation): CommandResult {
  const { world } = invocation
  const store = openStore(invocation)
  const tree = store.workingTree()
  const { governance, diagnostics } = loadGovernance(tree, { metrics: metricsById })
  if (hasErrors(diagnostics)) {
    const json = { apiVersion: 'tutela/v1', kind: 'LedgerPolicy', diagnostics }
    const text = () => ledgerWords(invocation).policy.invalid
    return { exit: 3, diagnostics, source: sourceOf(tree), json, text }
  }
  const { origin, key } = governance.ledger
  const setting = { key, origin, gitDir: store.gitDir, workTree: store.workTree }
  const signers = loadSigners(world.process, setting)
  const policy = policyText(
    governance.ledger,
    signers.map((signer) => signer.key),
  )
  const path = join(workTreeOf(store), POLICY_PATH)
  const isChanged = Buffer.from(world.files.read(path) ?? []).toString('utf8') !== policy
  if (isChanged) world.files.write(path, policy)
  const json = { apiVersion: 'tutela/v1', kind: 'LedgerPolicy', policy, isChanged }
  const text = () => {
    const words = ledgerWords(invocation).policy
    return `${policy}\n${isChanged ? words.written : words.asBefore}`
  }
  return { exit: 0, json, text }
}
