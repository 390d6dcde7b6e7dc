// `tutela doctor`: what is configured, reachable and permitted, each with its fix. Never prints a secret: of an
// environment variable only whether it is set.
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { heldLockFault } from '../base/run-lock.ts'
import { hasErrors } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { schemasFolder } from '../init/package-files.ts'
import { openRulebook } from '../open-rulebook.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import { ALLOWED_SIGNERS } from '../remediate/allowed-signers.ts'
import { VERSION } from '../version.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { ledgerChecks } from './doctor-ledger.ts'
import { pinChecks } from './doctor-pin.ts'
import { proposalChecks } from './doctor-proposals.ts'
import { type Check, checksText } from './doctor-text.ts'
import { type DoctorWords, english } from './doctor-words.en.ts'
import { portuguese } from './doctor-words.pt.ts'
import { governanceOverride } from './governance-override.ts'
import { openStore, openTree } from './open-repository.ts'
import { screenLanguage } from './screen-language.ts'
import { allowedSignersOf } from './signer-problems.ts'

export const command: Command = {
  name: 'doctor',
  summary: 'what is configured, reachable and permitted, each with its fix',
  description:
    'Looks at the engine, the repository, its keys, people, channels and forge, and says of each what was found and how to mend it. Changes nothing and sends nothing. Exits 1 where something is broken.',
  examples: ['tutela doctor', 'tutela doctor --format json'],
  run: examine,
}

async function examine(invocation: Invocation): Promise<CommandResult> {
  const language = invocation.globals.format === 'json' ? 'en' : screenLanguage(invocation)
  const words = language === 'pt' ? portuguese : english
  const checks: Check[] = [engineCheck(words)]
  const store = attempt('git repository', checks, () => openStore(invocation))
  if (store !== null) {
    checks.push({ what: 'git repository', state: 'ok', found: store.workTree ?? store.gitDir })
    const tree = attempt('judged tree', checks, () => openTree(invocation))
    if (tree !== null) {
      try {
        await examineTree(invocation, { store, tree, words }, checks)
      } catch (error) {
        checks.push(problemOf('repository', error))
      }
    }
  }
  const isWell = checks.every(({ state }) => state !== 'problem')
  return {
    exit: isWell ? 0 : 1,
    json: { apiVersion: 'tutela/v1', kind: 'Doctor', ok: isWell, version: VERSION, checks },
    text: () => checksText(checks, words),
  }
}

interface Examined {
  readonly store: GitStore
  readonly tree: SourceTree
  readonly words: DoctorWords
}

async function examineTree(invocation: Invocation, { store, tree, words }: Examined, checks: Check[]): Promise<void> {
  checks.push(headCheck(store, words), dirtyCheck(tree, words))
  const { rulebook, diagnostics } = openRulebook({ tree, language: null, ...governanceOverride(invocation) })
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  checks.push({
    what: 'policies/',
    state: hasErrors(diagnostics) ? 'problem' : 'ok',
    found: errors === 0 ? words.policies(rulebook.policies.length) : words.errors(errors),
    ...(errors > 0 && { fix: 'tutela check' }),
  })
  const { governance } = rulebook
  checks.push(
    recordCheck(store, governance, words),
    ...ledgerChecks({ process: invocation.world.process, store, tree, governance, now: invocation.globals.now, words }),
    ...secretChecks(invocation, governance, words),
    ...peopleChecks(tree, governance, words),
    ...(await proposalChecks(invocation.world, store, { governance, words })),
    localStateCheck(store, words),
    ...lockChecks(store),
    attributesCheck(tree, recordedLog(store, governance), words),
    schemasCheck(invocation, store, words),
    ...(await pinChecks(invocation, store, governance, words)),
  )
  await remoteCheck(store, checks, words)
}

/** What faults is a problem with its hint as the fix. */
function attempt<T>(what: string, checks: Check[], act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    checks.push(problemOf(what, error))
    return null
  }
}

function problemOf(what: string, error: unknown): Check {
  if (!(error instanceof Fault)) throw error
  return { what, state: 'problem', found: error.message, ...(error.hint !== undefined && { fix: error.hint }) }
}

/** Only where a run is, or seems to be, at work. */
function lockChecks(store: GitStore): Check[] {
  const path = join(store.gitDir, 'tutela', 'lock')
  try {
    const held = heldLockFault(path)
    if (held === null) return []
    return [{ ...problemOf('run lock', held), state: 'warning' }]
  } catch (error) {
    return [problemOf('run lock', error)]
  }
}

function engineCheck(words: DoctorWords): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 22 || (major === 22 && minor >= 18)
  return {
    what: 'engine',
    state: isNew ? 'ok' : 'problem',
    found: words.engine(VERSION, process.versions.node),
    ...(!isNew && { fix: words.newerNode }),
  }
}

function headCheck(store: GitStore, { head: words }: DoctorWords): Check {
  const head = store.headRef()
  const commit = store.resolve('HEAD')
  if (commit === null) {
    return {
      what: 'HEAD',
      state: 'problem',
      found: words.none,
      fix: words.commitFirst,
    }
  }
  if (head !== null) return { what: 'HEAD', state: 'ok', found: words.at(head, commit.slice(0, 12)) }
  return {
    what: 'HEAD',
    state: 'warning',
    found: words.detached(commit.slice(0, 12)),
    fix: words.checkOut,
  }
}

function dirtyCheck({ dirty }: SourceTree, words: DoctorWords): Check {
  if (dirty.length === 0) return { what: 'working tree', state: 'ok', found: words.clean }
  const shown = dirty.slice(0, 3).join(', ')
  return {
    what: 'working tree',
    state: 'warning',
    found: words.changed(dirty.length, `${shown}${dirty.length > 3 ? ', …' : ''}`),
    fix: words.commitThem,
  }
}

function recordCheck(store: GitStore, governance: Governance, { record: words }: DoctorWords): Check {
  const base = store.resolve('HEAD') === null ? null : baseOf(store, null)
  const ref = recordRef(governance, base?.ref ?? null)
  if (ref === null) return { what: 'record', state: 'problem', found: words.none, fix: words.set }
  const isNew = store.resolve(ref) === null
  return { what: 'record', state: 'ok', found: isNew ? words.isNew(ref) : ref }
}

/** Every `env:` and `file:` that the configuration names. */
function secretChecks({ world }: Invocation, governance: Governance, { secret: words }: DoctorWords): Check[] {
  const named = [...secretsIn(governance.forge, 'forge'), ...secretsIn(governance.channels, 'channels')]
  named.push(
    ...secretsIn(governance.triggers, 'triggers'),
    ...secretsIn({ signingKey: governance.record.signingKey }, 'record'),
  )
  return named.map(({ where, secret }) => {
    const [kind = '', ...rest] = secret.split(':')
    const name = rest.join(':')
    const isThere = kind === 'env' ? (world.process.env[name] ?? '') !== '' : world.files.exists(name)
    if (isThere) return { what: where, state: 'ok', found: words.isSet(secret) }
    const fix = kind === 'env' ? words.setVariable(name) : words.putInto(name)
    return { what: where, state: 'problem', found: words.isMissing(secret), fix }
  })
}

function secretsIn(value: unknown, where: string): { where: string; secret: string }[] {
  if (typeof value === 'string') return /^(env|file):./.test(value) ? [{ where, secret: value }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, `${where}.${key}`))
}

/** With the local forge, a team whose people have no key can approve nothing. */
function peopleChecks(
  tree: SourceTree,
  { forge, people, institution }: Governance,
  { people: words }: DoctorWords,
): Check[] {
  if (forge.kind !== 'local') return []
  const { signers, skipped } = allowedSignersOf(tree, institution.timeZone)
  const known = new Set(signers.flatMap(({ principals }) => principals.map((name) => name.toLowerCase())))
  const teams = Object.entries(people).map(([team, names]): Check => {
    const able = names.filter((name) => known.has(name.toLowerCase()))
    if (able.length > 0) return { what: team, state: 'ok', found: words.able(able.length, names.length) }
    return {
      what: team,
      state: 'warning',
      found: words.nobody,
      fix: words.addLine,
    }
  })
  if (skipped.length === 0) return teams
  const lines = skipped.slice(0, 3).map(({ line, why }) => words.line(line, why))
  const more = skipped.length > 3 ? [words.more(skipped.length - 3)] : []
  const found = words.givesNobody([...lines, ...more].join('; '))
  return [...teams, { what: ALLOWED_SIGNERS, state: 'warning', found, fix: 'tutela check' }]
}

function localStateCheck(store: GitStore, { local: words }: DoctorWords): Check {
  const folder = join(store.gitDir, 'tutela')
  try {
    accessSync(statSync(folder, { throwIfNoEntry: false }) === undefined ? store.gitDir : folder, constants.W_OK)
    return { what: 'local state', state: 'ok', found: folder }
  } catch {
    return {
      what: 'local state',
      state: 'problem',
      found: words.notWritable(folder),
      fix: words.giveAccess,
    }
  }
}

/** Where runs have a branch of their own, the log is there. */
function recordedLog(store: GitStore, governance: Governance): SourceTree | null {
  const ref = recordRef(governance, store.headRef())
  const commit = ref === null ? null : store.resolve(ref)
  return commit === null ? null : store.commitTree(commit)
}

function attributesCheck(tree: SourceTree, recorded: SourceTree | null, { ledger: words }: DoctorWords): Check {
  const isBegun = [recorded, tree].some((one) => one?.has('ledger/checkpoint'))
  const isSafe =
    tree.has('.gitattributes') && /^ledger\/\*\*\s+-text\b/m.test(Buffer.from(tree.read('.gitattributes')).toString())
  const found = isBegun ? words.begun : words.notBegun
  if (isSafe) return { what: 'ledger/', state: 'ok', found }
  return {
    what: 'ledger/',
    state: 'warning',
    found: words.lineEnds(found),
    fix: words.noText,
  }
}

function schemasCheck({ world }: Invocation, store: GitStore, { schemas: words }: DoctorWords): Check {
  const folder = join(store.workTree ?? store.gitDir, '.tutela/schemas')
  const names = world.files.list(schemasFolder())
  const isOld = (name: string) => {
    const [ours, theirs] = [world.files.read(join(schemasFolder(), name)), world.files.read(join(folder, name))]
    return ours !== null && theirs !== null && Buffer.compare(ours, theirs) !== 0
  }
  if (!names.some(isOld)) return { what: 'editor schemas', state: 'ok', found: words.own }
  return {
    what: 'editor schemas',
    state: 'warning',
    found: words.other,
    fix: words.remake(folder),
  }
}

async function remoteCheck(store: GitStore, checks: Check[], { remote: words }: DoctorWords): Promise<void> {
  try {
    const remote = store.remote()
    if (remote === null) {
      checks.push({ what: 'remote', state: 'ok', found: words.none })
      return
    }
    await remote.fetch(['refs/tutela/delivered'])
    checks.push({ what: 'remote', state: 'ok', found: words.answers(remote.name) })
  } catch (error) {
    checks.push(problemOf('remote', error))
  }
}
