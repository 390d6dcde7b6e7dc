// `tutela demo`: the bundled example lived month by month in a scratch repository, by the same functions as the verbs.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { notAsTold, requireDelivered } from '../demo/as-told.ts'
import { emailOf, keyFile, type PersonName } from '../demo/demo-people.ts'
import { createDemoRepository, type DemoRepository } from '../demo/demo-repository.ts'
import { demoText, type Ending, nextCommands } from '../demo/demo-text.ts'
import { narrate } from '../demo/narrate.ts'
import {
  BEGINNING,
  COMPAS,
  CREDIT,
  type DemoActs,
  type Happening,
  liveThrough,
  type OpenedProposal,
  type RunSeen,
} from '../demo/story.ts'
import type { Instant } from '../domain/instant.ts'
import { packageRoot } from '../init/package-files.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import { readLogFile, readLogFolder } from '../ledger/read-folder.ts'
import { verifyLog } from '../ledger/verify-log.ts'
import { type RunOutcome, runRepository } from '../run-repository.ts'
import type { World } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { command as pr } from './pr.ts'

export const command: Command = {
  name: 'demo',
  summary: 'live through the months of a real example, in a scratch folder',
  description:
    'Makes a governance repository from the bundled real example and lives through its months as successive runs: drift, decay, unfair impact, a broken label, proposals, approvals, a merged retraining, reports and a ledger. Writes to DIR (a new scratch folder by default) and nowhere else; needs no network.',
  examples: ['tutela demo', 'tutela demo my-demo --lang en'],
  arguments: [{ name: '[dir]', help: 'an empty or new folder (default: a new scratch folder)' }],
  run: demo,
}

async function demo(invocation: Invocation): Promise<CommandResult> {
  const { globals, world } = invocation
  const folder = demoFolder(invocation)
  const language = globals.lang ?? 'pt'
  invocation.note(folder)
  const repository = createDemoRepository(world, folder, { now: BEGINNING, model: CREDIT, withKeys: true })
  const hands = new Hands(invocation, repository)
  const happenings: Happening[] = []
  await liveThrough(hands, (happening) => happenings.push(happening))
  const ending = endingOf(repository, hands)
  const chapters = narrate(happenings, language)
  const program = programHere()
  return {
    exit: ending.problems === 0 ? 0 : 1,
    json: {
      apiVersion: 'tutela/v1',
      kind: 'Demo',
      ...ending,
      chapters,
      next: nextCommands(ending, { program, language }).map(({ command: line }) => line),
    },
    text: () => demoText(chapters, ending, { language, colour: globals.colour, program }),
  }
}

function demoFolder({ args, globals, world }: Invocation): string {
  const given = args[0]
  if (given === undefined) return world.files.makeScratch('tutela-demo-')
  const folder = resolve(globals.cwd, given)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Fault('demo/not-empty', `\`${given}\` is not empty`, 'name a new folder, or none for a scratch one')
  }
  return folder
}

/** Carries the story out with the functions of `run`, `pr approve` and `pr merge`, each at its own moment. */
class Hands implements DemoActs {
  readonly repository: DemoRepository
  runs = 0
  opened: OpenedProposal[] = []
  private readonly invocation: Invocation

  constructor(invocation: Invocation, repository: DemoRepository) {
    this.invocation = invocation
    this.repository = repository
  }

  async run(now: Instant): Promise<RunSeen> {
    const { store } = this.repository
    const outcome = await runRepository({
      world: this.worldAt(now),
      store,
      ref: null,
      now,
      language: this.language(),
      deliver: true,
    })
    requireDelivered(outcome.delivered)
    this.runs++
    const seen = seenOf(outcome)
    this.opened.push(...seen.opened)
    return seen
  }

  async approveAndMerge(by: PersonName, proposal: string, now: Instant): Promise<void> {
    await this.pr(by, now, ['approve', proposal], { key: keyFile(this.repository.store.gitDir, by) })
    await this.pr(by, now, ['merge', proposal], {})
  }

  private async pr(
    by: PersonName,
    now: Instant,
    args: readonly string[],
    options: Invocation['options'],
  ): Promise<void> {
    const { globals } = this.invocation
    const world = this.worldAt(now)
    const result = await pr.run({
      world: { ...world, process: { env: { ...world.process.env, ...gitNames(by) } } },
      globals: {
        ...globals,
        repo: this.repository.folder,
        ref: null,
        now,
        lang: this.language(),
        config: null,
        colour: false,
      },
      args,
      options,
      note: () => undefined,
    })
    if (result.exit !== 0) throw notAsTold(`\`pr ${args.join(' ')}\` said: ${result.text().replaceAll('\n', '; ')}`)
  }

  private language() {
    return this.invocation.globals.lang ?? 'pt'
  }

  private worldAt(now: Instant): World {
    return { ...this.invocation.world, clock: { now: () => now } }
  }
}

/** The story's people, not whoever watches it, are who Git is told of. */
function gitNames(by: PersonName): Readonly<Record<string, string>> {
  const email = emailOf(by)
  return { GIT_AUTHOR_NAME: by, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: by, GIT_COMMITTER_EMAIL: email }
}

function seenOf({ planned, delivered }: RunOutcome): RunSeen {
  const { plan, cards } = planned
  const opened = plan.actions.filter(({ kind, gated }) => kind === 'open-proposal' && gated === undefined)
  return {
    verdicts: plan.verdicts,
    findings: plan.findings,
    opened: opened.map(({ key, model = '', remedy = '' }) => ({
      id: key.slice(0, 10),
      model,
      remedy,
      owners: cards.get(model)?.card.owners ?? [],
    })),
    triggered: delivered.filter(({ kind, state }) => kind === 'trigger' && state === 'done').length,
  }
}

function endingOf({ store, folder }: DemoRepository, { runs, opened }: Hands): Ending {
  const ledger = join(folder, 'ledger')
  const answer = verifyLog(readLogFolder(ledger), readPolicy(readLogFile(join(ledger, 'policy'))), {})
  const head = store.resolve('HEAD')
  const reports = head === null ? [] : store.commitTree(head).list(['reports'])
  return {
    folder,
    gitDir: store.gitDir,
    runs,
    commits: head === null ? 0 : store.firstParents(head, 10_000).length,
    reports: reports.filter(({ path }) => path.endsWith('/run.json')).length,
    entries: answer.entries,
    problems: answer.problems.length,
    waiting: opened.findLast(({ model }) => model === COMPAS) ?? null,
  }
}

/** From a clone the sources are run, from an installed package its binary. */
function programHere(): string {
  return existsSync(join(packageRoot(), 'engine/cli.ts')) ? 'npm run -s tutela --' : 'npx tutela'
}
