// `ledger/policy` of a repository: written from governance.yaml and the log's public keys, and asked before a run signs.
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import { formatVerifierKey, parseVerifierKey, type Signer, type VerifierKey } from './note-key.ts'
import { formatPolicy, GROUP, type NamedWitness, parsePolicy, type Trust } from './trust-policy.ts'

/** Where the policy stands in the repository. */
export const POLICY_PATH = 'ledger/policy'

/**
 * The text of the policy, from `ledger` of governance.yaml: `witnesses` are their keys (`<vkey>`, or `{ key, url }`),
 * `quorum` is `none`, `all` or a number. Faults `ledger/bad-witnesses`.
 */
export function policyText(ledger: Pick<Governance['ledger'], 'raw'>, logs: readonly VerifierKey[]): string {
  const { witnesses: witnessList, quorum = 'none' } = ledger.raw
  const witnesses = readWitnesses(witnessList ?? [])

  const isNumber = typeof quorum === 'number' && Number.isInteger(quorum) && quorum >= 1 && quorum <= witnesses.length
  if (quorum === 'none' || (quorum === 'all' && witnesses.length > 0) || isNumber) {
    return formatPolicy({ logs, witnesses, quorum: quorum as 'none' | 'all' | number })
  }
  throw badWitnesses(
    `\`ledger.quorum\` is none of \`none\`, \`all\` and 1 to ${witnesses.length} (the number of witnesses)`,
  )
}

/** The witnesses of `ledger.witnesses`, with where they are asked. Faults `ledger/bad-witnesses`. */
export function readWitnesses(list: unknown): NamedWitness[] {
  if (!Array.isArray(list)) throw badWitnesses('`ledger.witnesses` is no list')
  const witnesses = list.map((item: unknown, i) => {
    const { key, url } =
      typeof item === 'string' ? { key: item, url: undefined } : ((item ?? {}) as Record<string, unknown>)
    const parsed = typeof key === 'string' ? parseVerifierKey(key) : null
    if (parsed === null || parsed.type !== 'cosignature')
      throw badWitnesses(`\`ledger.witnesses\` has no witness key as number ${i + 1}`)
    if (url !== undefined && !isWebAddress(url))
      throw badWitnesses(`\`ledger.witnesses\` has no web address for number ${i + 1}`)
    return { name: parsed.name, key: parsed, ...(url === undefined ? {} : { url }) }
  })
  const names = new Set(witnesses.map(({ name }) => name))
  if (names.size === witnesses.length && !names.has('none') && !names.has(GROUP)) return witnesses
  throw badWitnesses(`\`ledger.witnesses\` has two witnesses of one name, or one called \`none\` or \`${GROUP}\``)
}

function isWebAddress(url: unknown): url is string {
  return typeof url === 'string' && URL.canParse(url) && /^https?:\/\/[!-~]+$/.test(url)
}

function badWitnesses(what: string): Fault {
  return new Fault(
    'ledger/bad-witnesses',
    what,
    'a witness is named by its key, `<name>+<id>+<base64>`, as it publishes it',
  )
}

/** The trust that a policy file states. `path` names it in faults: `ledger/no-policy`, `ledger/bad-policy`. */
export function readPolicy(bytes: Uint8Array | null, path: string = POLICY_PATH): Trust {
  if (bytes === null) {
    throw new Fault('ledger/no-policy', `there is no \`${path}\``, '`tutela ledger key new` writes it with the key')
  }
  const parsed = parsePolicy(bytes)
  if (parsed.ok) return parsed.trust
  const { line, message } = parsed.problem
  throw new Fault('ledger/bad-policy', `\`${path}:${line}\`: ${message}`, 'the form is https://c2sp.org/tlog-policy')
}

/** Faults `ledger/key-not-named` when the policy does not name the key that is about to sign. */
export function requireNamed(policy: Uint8Array | null, signer: Signer): Trust {
  return namedSigners(policy, [signer]).trust
}

/**
 * Those of the signers that the policy names, and whom else it trusts: a new key signs from the moment that a reviewed
 * policy names it. Faults `ledger/key-not-named` where it names none of them.
 */
export function namedSigners(
  policy: Uint8Array | null,
  signers: readonly Signer[],
): { readonly trust: Trust; readonly signers: readonly Signer[] } {
  const trust = readPolicy(policy)
  const names = new Set(trust.logs.map(formatVerifierKey))
  const named = signers.filter(({ key }) => names.has(formatVerifierKey(key)))
  if (named.length > 0) return { trust, signers: named }
  throw new Fault(
    'ledger/key-not-named',
    `\`${POLICY_PATH}\` does not name the key \`${signers.map(({ key }) => formatVerifierKey(key)).join('` or `')}\``,
    'use the key that it names, or let a reviewed merge change the policy',
  )
}
