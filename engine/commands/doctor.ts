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
import { governanceOverride } from './governance-override.ts'
import { openStore, openTree } from './open-repository.ts'
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
  const checks: Check[] = [engineCheck()]
  const store = attempt('git repository', checks, () => openStore(invocation))
  if (store !== null) {
    checks.push({ what: 'git repository', state: 'ok', found: store.workTree ?? store.gitDir })
    const tree = attempt('judged tree', checks, () => openTree(invocation))
    if (tree !== null) {
      try {
        await examineTree(invocation, store, tree, checks)
      } catch (error) {
        checks.push(problemOf('repository', error))
      }
    }
  }
  const isWell = checks.every(({ state }) => state !== 'problem')
  return {
    exit: isWell ? 0 : 1,
    json: { apiVersion: 'tutela/v1', kind: 'Doctor', ok: isWell, version: VERSION, checks },
    text: () => checksText(checks),
  }
}

async function examineTree(invocation: Invocation, store: GitStore, tree: SourceTree, checks: Check[]): Promise<void> {
  checks.push(headCheck(store), dirtyCheck(tree))
  const { rulebook, diagnostics } = openRulebook({ tree, language: null, ...governanceOverride(invocation) })
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  checks.push({
    what: 'policies/',
    state: hasErrors(diagnostics) ? 'problem' : 'ok',
    found:
      errors === 0
        ? `${rulebook.policies.length} ${rulebook.policies.length === 1 ? 'policy' : 'policies'}`
        : `${errors} errors`,
    ...(errors > 0 && { fix: 'tutela check' }),
  })
  const { governance } = rulebook
  checks.push(
    recordCheck(store, governance),
    ...ledgerChecks({ process: invocation.world.process, store, tree, governance, now: invocation.globals.now }),
    ...secretChecks(invocation, governance),
    ...peopleChecks(tree, governance),
    ...proposalChecks(store, governance),
    localStateCheck(store),
    ...lockChecks(store),
    attributesCheck(tree),
    schemasCheck(invocation, store),
    ...(await pinChecks(invocation, store, governance)),
  )
  await remoteCheck(store, checks)
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

function engineCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 22 || (major === 22 && minor >= 18)
  return {
    what: 'engine',
    state: isNew ? 'ok' : 'problem',
    found: `tutela ${VERSION} on Node ${process.versions.node}`,
    ...(!isNew && { fix: 'install Node 22.18 or newer' }),
  }
}

function headCheck(store: GitStore): Check {
  const head = store.headRef()
  const commit = store.resolve('HEAD')
  if (commit === null) {
    return {
      what: 'HEAD',
      state: 'problem',
      found: 'no commits yet',
      fix: 'commit policies/ and models/: runs judge commits',
    }
  }
  if (head !== null) return { what: 'HEAD', state: 'ok', found: `${head} at ${commit.slice(0, 12)}` }
  return {
    what: 'HEAD',
    state: 'warning',
    found: `detached at ${commit.slice(0, 12)}`,
    fix: 'check out a branch, or set `record.branch` so that runs have one of their own',
  }
}

function dirtyCheck({ dirty }: SourceTree): Check {
  if (dirty.length === 0) return { what: 'working tree', state: 'ok', found: 'as committed' }
  const shown = dirty.slice(0, 3).join(', ')
  return {
    what: 'working tree',
    state: 'warning',
    found: `${dirty.length} changed: ${shown}${dirty.length > 3 ? ', …' : ''}`,
    fix: 'commit them: `run` judges commits alone',
  }
}

function recordCheck(store: GitStore, governance: Governance): Check {
  const base = store.resolve('HEAD') === null ? null : baseOf(store, null)
  const ref = recordRef(governance, base?.ref ?? null)
  if (ref === null)
    return { what: 'record', state: 'problem', found: 'no branch to commit to', fix: 'set `record.branch`' }
  const isNew = store.resolve(ref) === null
  return { what: 'record', state: 'ok', found: isNew ? `${ref}, begun by the first run` : ref }
}

/** Every `env:` and `file:` that the configuration names. */
function secretChecks({ world }: Invocation, governance: Governance): Check[] {
  const named = [...secretsIn(governance.forge, 'forge'), ...secretsIn(governance.channels, 'channels')]
  named.push(
    ...secretsIn(governance.triggers, 'triggers'),
    ...secretsIn({ signingKey: governance.record.signingKey }, 'record'),
  )
  return named.map(({ where, secret }) => {
    const [kind = '', ...rest] = secret.split(':')
    const name = rest.join(':')
    const isThere = kind === 'env' ? (world.process.env[name] ?? '') !== '' : world.files.exists(name)
    if (isThere) return { what: where, state: 'ok', found: `${secret} is set` }
    const fix = kind === 'env' ? `set the variable ${name} where runs are started` : `put the secret into ${name}`
    return { what: where, state: 'problem', found: `${secret} is not there`, fix }
  })
}

function secretsIn(value: unknown, where: string): { where: string; secret: string }[] {
  if (typeof value === 'string') return /^(env|file):./.test(value) ? [{ where, secret: value }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, `${where}.${key}`))
}

/** With the local forge, a team whose people have no key can approve nothing. */
function peopleChecks(tree: SourceTree, { forge, people, institution }: Governance): Check[] {
  if (forge.kind !== 'local') return []
  const { signers, skipped } = allowedSignersOf(tree, institution.timeZone)
  const known = new Set(signers.flatMap(({ principals }) => principals.map((name) => name.toLowerCase())))
  const teams = Object.entries(people).map(([team, names]): Check => {
    const able = names.filter((name) => known.has(name.toLowerCase()))
    if (able.length > 0) return { what: team, state: 'ok', found: `${able.length} of ${names.length} can approve` }
    return {
      what: team,
      state: 'warning',
      found: `nobody can approve: no key in ${ALLOWED_SIGNERS}`,
      fix: 'add a line `<name> namespaces="tutela-approval" ssh-ed25519 …` for each person',
    }
  })
  if (skipped.length === 0) return teams
  const lines = skipped.slice(0, 3).map(({ line, why }) => `line ${line}: ${why}`)
  const more = skipped.length > 3 ? [`and ${skipped.length - 3} more`] : []
  const found = `gives nobody a key in ${[...lines, ...more].join('; ')}`
  return [...teams, { what: ALLOWED_SIGNERS, state: 'warning', found, fix: 'tutela check' }]
}

function localStateCheck(store: GitStore): Check {
  const folder = join(store.gitDir, 'tutela')
  try {
    accessSync(statSync(folder, { throwIfNoEntry: false }) === undefined ? store.gitDir : folder, constants.W_OK)
    return { what: 'local state', state: 'ok', found: folder }
  } catch {
    return {
      what: 'local state',
      state: 'problem',
      found: `${folder} cannot be written`,
      fix: 'give the user of runs write access',
    }
  }
}

function attributesCheck(tree: SourceTree): Check {
  const isBegun = tree.has('ledger/checkpoint')
  const isSafe =
    tree.has('.gitattributes') && /^ledger\/\*\*\s+-text\b/m.test(Buffer.from(tree.read('.gitattributes')).toString())
  const found = isBegun ? 'has a signed checkpoint' : 'begun by the first run'
  if (isSafe) return { what: 'ledger/', state: 'ok', found }
  return {
    what: 'ledger/',
    state: 'warning',
    found: `${found}; Git may change its line ends`,
    fix: 'put `ledger/** -text` into .gitattributes',
  }
}

function schemasCheck({ world }: Invocation, store: GitStore): Check {
  const folder = join(store.workTree ?? store.gitDir, '.tutela/schemas')
  const names = world.files.list(schemasFolder())
  const isOld = (name: string) => {
    const [ours, theirs] = [world.files.read(join(schemasFolder(), name)), world.files.read(join(folder, name))]
    return ours !== null && theirs !== null && Buffer.compare(ours, theirs) !== 0
  }
  if (!names.some(isOld)) return { what: 'editor schemas', state: 'ok', found: 'those of this version' }
  return {
    what: 'editor schemas',
    state: 'warning',
    found: 'of another version',
    fix: `delete ${folder} and run \`tutela init\``,
  }
}

async function remoteCheck(store: GitStore, checks: Check[]): Promise<void> {
  try {
    const remote = store.remote()
    if (remote === null) {
      checks.push({ what: 'remote', state: 'ok', found: 'none: this repository is the only copy' })
      return
    }
    await remote.fetch(['refs/tutela/delivered'])
    checks.push({ what: 'remote', state: 'ok', found: `${remote.name} answers` })
  } catch (error) {
    checks.push(problemOf('remote', error))
  }
}
