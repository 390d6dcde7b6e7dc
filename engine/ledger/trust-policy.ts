// Whom to trust: the keys of a log, its witnesses, and how many of them must have cosigned (`ledger/policy`).
// Source: https://c2sp.org/tlog-policy
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from './note-key.ts'

/** A witness by its key, or a group that counts as witnessing when `threshold` of its members do. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly key: VerifierKey }
  | { readonly kind: 'group'; readonly threshold: number; readonly members: readonly Quorum[] }

/** Whom a verifier believes: the one thing that must not come from the log itself. */
export interface Trust {
  /** Any of these may sign; a key's name is the origin of its log. */
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  readonly quorum: Quorum
}

/** Trust in one log key and no witness. */
export function trustInKey(key: VerifierKey): Trust {
  return { logs: [key], witnesses: [], quorum: { kind: 'none' } }
}

/** Whether the witnesses that cosigned are enough. */
export function isQuorum(quorum: Quorum, cosigned: ReadonlySet<VerifierKey>): boolean {
  if (quorum.kind === 'none') return true
  if (quorum.kind === 'witness') return cosigned.has(quorum.key)
  return quorum.members.filter((member) => isQuorum(member, cosigned)).length >= quorum.threshold
}

/** Why a policy file is none. */
export interface PolicyProblem {
  /** From 1; the line after the last for what is missing. */
  readonly line: number
  readonly message: string
}

/** The trust that a policy file states, or its first problem. */
export type ParsedPolicy =
  | { readonly ok: true; readonly trust: Trust }
  | { readonly ok: false; readonly problem: PolicyProblem }

const MAX_LINES = 10_000
/** Groups in groups: arbitrary, and far above what anybody would name. */
const MAX_DEPTH = 100

/** Reads a policy file; the first problem ends it, because a policy that is understood in part is none. */
export function parsePolicy(bytes: Uint8Array): ParsedPolicy {
  // Octets above ASCII are opaque (Latin-1 keeps each as one unit); names are compared as octets, and a key's name is UTF-8.
  const text = Buffer.from(bytes).toString('latin1')
  const lines = text.split('\n')
  const reading: Reading = {
    logs: [],
    witnesses: [],
    named: new Map(),
    depths: new Map(),
    used: new Set(),
    quorum: null,
  }
  if (lines.length > MAX_LINES) return failure(MAX_LINES, 'the policy has too many lines')
  for (const [i, line] of lines.entries()) {
    const message = readLine(reading, line)
    if (message !== null) return failure(i + 1, message)
  }
  if (reading.quorum === null) return failure(lines.length, 'the policy has no `quorum` line')
  return { ok: true, trust: { logs: reading.logs, witnesses: reading.witnesses, quorum: reading.quorum } }
}

function failure(line: number, message: string): ParsedPolicy {
  return { ok: false, problem: { line, message } }
}

interface Reading {
  readonly logs: VerifierKey[]
  readonly witnesses: VerifierKey[]
  readonly named: Map<string, Quorum>
  /** Of groups, by name. */
  readonly depths: Map<string, number>
  /** Names that are already a member: each witness counts in one way only. */
  readonly used: Set<string>
  quorum: Quorum | null
}

/** What is wrong with the line, or null after taking it in. */
function readLine(reading: Reading, line: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification bars them
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) return 'a control character'
  const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
  if (keyword === undefined || keyword.startsWith('#')) return null
  if (keyword === 'log') return readLog(reading, words)
  if (keyword === 'witness') return readWitness(reading, words)
  if (keyword === 'group') return readGroup(reading, words)
  if (keyword === 'quorum') return readQuorum(reading, words)
  return `\`${printable(keyword)}\` is none of log, witness, group, quorum`
}

function readLog({ logs }: Reading, [vkey, _url, ...more]: string[]): string | null {
  const key = vkey === undefined || more.length > 0 ? null : parseKeyWord(vkey)
  if (key === null || key.type !== 'ed25519') return 'expected `log <key of a log> [<url>]`'
  if (logs.some((other) => hasSamePublicKey(other, key))) return `the key of log \`${key.name}\` stands here twice`
  logs.push(key)
  return null
}

function readWitness({ witnesses, named }: Reading, [name, vkey, _url, ...more]: string[]): string | null {
  const key = vkey === undefined || more.length > 0 ? null : parseKeyWord(vkey)
  if (name === undefined || key === null || key.type !== 'cosignature') {
    return 'expected `witness <name> <key of a witness> [<url>]`'
  }
  if (witnesses.some((other) => hasSamePublicKey(other, key)))
    return `the key of witness \`${key.name}\` stands here twice`
  witnesses.push(key)
  return define(named, name, { kind: 'witness', key })
}

function readGroup({ named, depths, used }: Reading, [name, threshold, ...members]: string[]): string | null {
  if (name === undefined || threshold === undefined || members.length === 0) {
    return 'expected `group <name> all|any|<number> <member>…`'
  }
  const found: Quorum[] = []
  for (const member of members) {
    const quorum = named.get(member)
    if (quorum === undefined) return `no witness or group \`${printable(member)}\` stands above`
    if (used.has(member)) return `\`${printable(member)}\` is a member already`
    used.add(member)
    found.push(quorum)
  }
  const depth = 1 + Math.max(...members.map((member) => depths.get(member) ?? 0))
  if (depth > MAX_DEPTH) return `groups in groups, more than ${MAX_DEPTH} deep`
  depths.set(name, depth)
  const needed = thresholdOf(threshold, members.length)
  if (needed === null) return `a threshold \`${printable(threshold)}\` of ${members.length} members`
  return define(named, name, { kind: 'group', threshold: needed, members: found })
}

function readQuorum(reading: Reading, [name, ...more]: string[]): string | null {
  if (name === undefined || more.length > 0) return 'expected `quorum none|<witness>|<group>`'
  if (reading.quorum !== null) return 'a second `quorum` line'
  const quorum: Quorum | undefined = name === 'none' ? { kind: 'none' } : reading.named.get(name)
  if (quorum === undefined) return `no witness or group \`${printable(name)}\` stands above`
  reading.quorum = quorum
  return null
}

function define(named: Map<string, Quorum>, name: string, quorum: Quorum): string | null {
  if (name === 'none') return '`none` cannot be a name'
  if (named.has(name)) return `\`${printable(name)}\` is a name already`
  named.set(name, quorum)
  return null
}

function thresholdOf(word: string, members: number): number | null {
  if (word === 'all') return members
  if (word === 'any') return 1
  if (!/^[1-9]\d{0,4}$/.test(word)) return null
  return Number(word) <= members ? Number(word) : null
}

function parseKeyWord(word: string): VerifierKey | null {
  return parseVerifierKey(Buffer.from(word, 'latin1').toString('utf8'))
}

function hasSamePublicKey(a: VerifierKey, b: VerifierKey): boolean {
  return Buffer.compare(a.publicKey, b.publicKey) === 0
}

function printable(word: string): string {
  return word.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 60)
}

/** A witness as a policy names it; `url` is where it is asked. */
export interface NamedWitness {
  readonly name: string
  readonly key: VerifierKey
  readonly url?: string
}

/** The name of the group that `formatPolicy` makes of all witnesses. */
export const GROUP = 'witnesses'

/**
 * The policy file of a log: its keys, its witnesses and the quorum: `none`, a number (that many of all witnesses),
 * or `all`.
 */
export function formatPolicy(policy: {
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly NamedWitness[]
  readonly quorum: 'none' | 'all' | number
}): string {
  const lines = policy.logs.map((key) => `log ${formatVerifierKey(key)}`)
  for (const { name, key, url } of policy.witnesses) {
    lines.push(`witness ${name} ${formatVerifierKey(key)}${url === undefined ? '' : ` ${url}`}`)
  }
  if (policy.quorum === 'none') return `${[...lines, 'quorum none'].join('\n')}\n`
  const members = policy.witnesses.map(({ name }) => name).join(' ')
  return `${[...lines, `group ${GROUP} ${policy.quorum} ${members}`, `quorum ${GROUP}`].join('\n')}\n`
}
