// `tutela init`: a governance repository that `check` accepts and `run` can sign.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import { creditTemplate } from '../init/credit-template.ts'
import { bankHolidays } from '../init/holidays.ts'
import { schemasFolder } from '../init/package-files.ts'
import { blankPolicies, type Institution, type Template, templateFiles } from '../init/template.ts'
import { loadOrCreateSigner } from '../ledger/load-signer.ts'
import { POLICY_PATH, policyText } from '../ledger/log-policy.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { GitStore, World } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { terminal } from './terminal-text.ts'
import type { TerminalWords } from './terminal-words.en.ts'

const AUTHOR = { name: 'Tutela', email: 'tutela@localhost' }

export const command: Command = {
  name: 'init',
  summary: 'make a governance repository, or add what one lacks',
  description:
    'Makes a Git repository of one commit that `check` accepts and `run` can sign: policies, CI files for GitHub and Gitea, JSON Schemas for editors, a ledger key in the Git directory. In an existing repository it adds the files that are missing, but no policies or models where there are policies, and commits nothing. With `--lang en`, English is the first language of its reports, proposals and notices.',
  examples: ['tutela init my-governance', 'tutela init my-governance --template credit'],
  arguments: [{ name: '[dir]', help: 'the folder (default: the current one)' }],
  options: [{ flags: '--template <name>', help: 'blank (default) or credit' }],
  run: initialise,
}

async function initialise(invocation: Invocation): Promise<CommandResult> {
  const { world, globals, args, options } = invocation
  const template = readTemplate(options.template)
  const folder = resolve(globals.cwd, args[0] ?? globals.repo ?? '.')
  const existing = existsSync(folder) ? world.repositories.open(folder) : null
  const words = terminal(globals.lang ?? 'pt', false).words.init
  if (existing === null && existsSync(folder) && readdirSync(folder).length > 0 && args[0] !== undefined) {
    invocation.note(words.hasFiles(folder))
  }
  const files = filesOf(template, {
    name: basename(folder),
    languages: globals.lang === 'en' ? ['en', 'pt'] : ['pt', 'en'],
    holidays: [0, 1].flatMap((more) => bankHolidays(new Date(globals.now).getUTCFullYear() + more)),
  })
  const root = existing?.workTree ?? folder
  if (governsAlready(root)) {
    if (options.template !== undefined) invocation.note(words.governed)
    for (const path of files.keys()) if (isTemplate(path)) files.delete(path)
  }
  mkdirSync(folder, { recursive: true })
  const store = existing ?? world.repositories.create(folder)
  const written = writeMissing(world, root, files)
  const key = makeKey(store, root, world)
  const added = [...written, ...key.files].sort(compareText)
  const commit = existing === null ? commitFirst(store, root, added, globals.now) : null
  const json = { apiVersion: 'tutela/v1', kind: 'Init', folder: root, template, added, commit, keyFile: key.path }
  return { exit: 0, json, text: () => initText(json, globals.cwd, words) }
}

function readTemplate(value: unknown): Template {
  if (value === undefined) return 'blank'
  if (value === 'blank' || value === 'credit') return value
  throw new Fault('cli/bad-option', `no template is called \`${String(value)}\``, 'there are `blank` and `credit`')
}

function filesOf(template: Template, institution: Institution): Map<string, string> {
  const schemas = new Map(
    readdirSync(schemasFolder())
      .filter((file) => file.endsWith('.json'))
      .sort(compareText)
      .map((file) => [file, readFileSync(join(schemasFolder(), file), 'utf8')]),
  )
  const files = templateFiles(institution, schemas)
  const policies = template === 'credit' ? creditTemplate(institution) : blankPolicies()
  for (const [path, text] of policies) files.set(path, text)
  return files
}

/** Whether somebody wrote policies here: what a template would add might contradict them, or bind what they left out. */
function governsAlready(root: string): boolean {
  const folder = join(root, 'policies')
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.yaml') && name !== 'governance.yaml')
}

/** What one template has and another has not: policies and models. */
function isTemplate(path: string): boolean {
  const isPolicy = path.startsWith('policies/') && path !== 'policies/governance.yaml' && path.endsWith('.yaml')
  return isPolicy || path.startsWith('models/')
}

function writeMissing(world: World, root: string, files: ReadonlyMap<string, string>): string[] {
  const missing = [...files].filter(([path]) => !world.files.exists(join(root, path)))
  for (const [path, text] of missing) world.files.write(join(root, path), text)
  return missing.map(([path]) => path)
}

/** The key in the Git directory and `ledger/policy`, where either is missing. */
function makeKey(store: GitStore, root: string, world: World): { path: string | null; files: string[] } {
  if (world.files.exists(join(root, POLICY_PATH))) return { path: null, files: [] }
  const { governance } = loadGovernance(world.repositories.openFolder(root), { metrics: metricsById })
  const { origin, key } = governance.ledger
  const setting = { key, origin, gitDir: store.gitDir, workTree: store.workTree }
  const made = loadOrCreateSigner(world.process, setting, randomBytes(32))
  world.files.write(join(root, POLICY_PATH), policyText(governance.ledger, [made.signer.key]))
  return { path: made.path, files: [POLICY_PATH] }
}

function commitFirst(store: GitStore, root: string, paths: readonly string[], now: number): string {
  const author = { ...AUTHOR, at: now / 1000 }
  const changes = new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(root, path)))]))
  const message = 'tutela: begin a governance repository\n'
  const commit = store.writeCommit({ base: null, parents: [], changes, message, author, committer: author })
  const ref = store.headRef() ?? 'refs/heads/main'
  if (!store.updateRef({ ref, expect: null, to: commit })) throw new Fault('git/moved', `\`${ref}\` appeared meanwhile`)
  store.followCheckout(null, commit, paths)
  return commit
}

interface Initialised {
  readonly folder: string
  readonly added: readonly string[]
  readonly commit: string | null
  readonly keyFile: string | null
}

function initText({ folder, added, commit, keyFile }: Initialised, cwd: string, words: TerminalWords['init']): string {
  const there = folder === cwd ? '' : ` --repo ${folder}`
  const inFolder = folder === cwd ? '' : ` -C ${folder}`
  const lines =
    commit === null
      ? [words.added(folder), ...(added.length === 0 ? [`  ${words.nothing}`] : [])]
      : [words.made(folder, commit.slice(0, 10))]
  return [
    ...lines,
    ...added.filter((path) => !path.startsWith('.tutela/')).map((path) => `  ${path}`),
    ...(keyFile === null ? [] : [`  ${words.key(keyFile)}`]),
    '',
    words.next,
    `  tutela check${there}       ${words.check}`,
    `  tutela plan${there}        ${words.plan}`,
    ...(commit === null && added.length > 0
      ? [`  git${inFolder} add -A && git${inFolder} commit -m 'tutela init'   ${words.commit}`]
      : []),
    `  tutela run${there}         ${words.run}`,
  ].join('\n')
}
