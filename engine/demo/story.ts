// What happens in the demo, month by month: what people and the measuring pipeline commit, when a run judges, who approves.
// The numbers that it tells are read from what the runs and the snapshots say.
import type { Finding, Verdict } from '../domain/finding.ts'
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { requireJudged, requireOneTraining, requireOpened, requireRetired, requireWaived } from './as-told.ts'
import type { PersonName } from './demo-people.ts'
import type { DemoRepository } from './demo-repository.ts'

/** The example's model of small-business loans. */
export const CREDIT = 'small-business-credit'
/** The example's risk score of recidivism. */
export const COMPAS = 'compas'
/** The last day of the example's waiver. */
export const WAIVED_UNTIL = '2013-12-31'
/** The story's last moment: what is shown afterwards is asked for as of it. */
export const END = '2015-01-02T12:00:00Z'

/** What one run said and did. */
export interface RunSeen {
  readonly verdicts: readonly Verdict[]
  /** All but passes. */
  readonly findings: readonly Finding[]
  /** Proposals that it opened. */
  readonly opened: readonly OpenedProposal[]
  /** Triggers that it carried out. */
  readonly triggered: number
}

/** A proposal that a run opened, as the story needs it. */
export interface OpenedProposal {
  readonly id: string
  readonly model: string
  readonly remedy: string
  /** Who must approve. */
  readonly owners: readonly string[]
}

/** What can be done in the story, by the same functions as the verbs. */
export interface DemoActs {
  readonly repository: DemoRepository
  run(now: Instant): Promise<RunSeen>
  /** Signs with the person's key, and merges through the gate. */
  approveAndMerge(by: PersonName, proposal: string, now: Instant): Promise<void>
}

/** One thing that happened, with what was measured by then. */
export type Happening =
  | { readonly kind: 'enters'; readonly now: Instant; readonly model: string; readonly baseline: Snapshot }
  | {
      readonly kind: 'month'
      readonly now: Instant
      readonly model: string
      readonly window: Snapshot
      readonly run: RunSeen
    }
  | {
      readonly kind: 'approved'
      readonly now: Instant
      readonly by: PersonName
      readonly proposal: string
      readonly remedy: string
    }
  | { readonly kind: 'triggered'; readonly now: Instant; readonly times: number }
  | { readonly kind: 'waived'; readonly now: Instant }
  | { readonly kind: 'retired'; readonly now: Instant; readonly by: PersonName }

/** The first moment: policies and the first model are committed. */
export const BEGINNING = at('2004-10-01')
/** When the second model goes into use. */
export const COMPAS_ENTERS = at('2013-04-02')
/** When the waiver is committed. */
export const WAIVED_ON = at('2013-10-02')

// When runs judge: the first working days on which the window before has ended.
type Five = readonly [Instant, Instant, Instant, Instant, Instant]
/** When the credit model is judged. */
export const CREDIT_MONTHS: Five = [
  at('2004-11-02'),
  at('2004-12-02'),
  at('2005-01-03'),
  at('2005-02-02'),
  at('2006-03-02'),
]
/** The last window has eight months. */
export const COMPAS_MONTHS: readonly [Instant, Instant, ...Instant[]] = [
  at('2013-05-02'),
  at('2013-06-03'),
  at('2013-07-02'),
  at('2013-08-02'),
  at('2013-09-02'),
  at('2013-10-02'),
  at('2013-11-04'),
  at('2013-12-02'),
  at('2014-01-02'),
  at('2014-02-03'),
  at('2014-03-03'),
  at('2014-04-02'),
  at('2014-05-02'),
  at('2015-01-02'),
]

/**
 * The whole story, one act after another; `tell` is called as things happen. Faults of the acts pass through; `demo/not-as-told`
 * where one did not do what is told of it.
 */
export async function liveThrough(acts: DemoActs, tell: (happening: Happening) => void): Promise<void> {
  await creditYears(acts, tell)
  await compasYears(acts, tell)
}

type Tell = (happening: Happening) => void

async function creditYears(acts: DemoActs, tell: Tell): Promise<void> {
  const { repository } = acts
  const [baseline] = repository.handOut(BEGINNING, [CREDIT])
  if (baseline === undefined) throw new Error('internal error: the credit model has no baseline')
  tell({ kind: 'enters', now: BEGINNING, model: CREDIT, baseline: baseline.snapshot })
  const [october, november, december, january, february] = CREDIT_MONTHS
  for (const now of [october, november, december]) await month(acts, tell, CREDIT, now)
  const failed = await month(acts, tell, CREDIT, january)
  await approveAll(acts, tell, requireOpened(failed, CREDIT, 'retrain'), { by: 'rui', now: at('2005-02-03') })
  const after = await acts.run(at('2005-02-04'))
  requireOneTraining(after)
  tell({ kind: 'triggered', now: at('2005-02-04'), times: after.triggered })
  const blocked = await month(acts, tell, CREDIT, february)
  await approveAll(acts, tell, requireOpened(blocked, CREDIT, 'hold'), { by: 'ana', now: at('2006-03-03') })
  retire(repository, at('2006-03-31'))
  requireRetired(await acts.run(at('2006-04-03')), CREDIT)
  tell({ kind: 'retired', now: at('2006-03-31'), by: 'ana' })
}

async function compasYears(acts: DemoActs, tell: Tell): Promise<void> {
  const { repository } = acts
  repository.commit('dora', COMPAS_ENTERS, 'models: COMPAS goes into use\n', repository.bundled(`models/${COMPAS}`))
  const [baseline] = repository.handOut(COMPAS_ENTERS, [COMPAS])
  if (baseline === undefined) throw new Error('internal error: COMPAS has no baseline')
  tell({ kind: 'enters', now: COMPAS_ENTERS, model: COMPAS, baseline: baseline.snapshot })
  const excused: RunSeen[] = []
  for (const now of COMPAS_MONTHS) {
    const run = await month(acts, tell, COMPAS, now)
    if (now > WAIVED_ON && now < at(WAIVED_UNTIL)) excused.push(run)
    if (now !== WAIVED_ON) continue
    repository.commit('teresa', now, 'policies: a waiver for age bands\n', repository.bundled('policies/waivers'))
    tell({ kind: 'waived', now })
  }
  requireWaived(excused, COMPAS)
}

/** Hands out what was measured, then runs. */
async function month(acts: DemoActs, tell: Tell, model: string, now: Instant): Promise<RunSeen> {
  const handed = acts.repository.handOut(now, [model])
  const window = handed.find(({ snapshot }) => snapshot.purpose === 'monitoring')?.snapshot
  if (window === undefined) throw new Error(`internal error: no window of ${model} has ended`)
  const run = await acts.run(now)
  requireJudged(run, model)
  tell({ kind: 'month', now, model, window, run })
  return run
}

async function approveAll(
  acts: DemoActs,
  tell: Tell,
  opened: readonly OpenedProposal[],
  { by, now }: { readonly by: PersonName; readonly now: Instant },
): Promise<void> {
  for (const { id, remedy } of opened) {
    await acts.approveAndMerge(by, id, now)
    tell({ kind: 'approved', now, by, proposal: id, remedy })
  }
}

function retire(repository: DemoRepository, now: Instant): void {
  const path = `models/${CREDIT}/card.yaml`
  const card = repository.read(path).replace('\nstage: production\n', '\nstage: retired\n')
  repository.commit('ana', now, 'models: the credit model retires\n', new Map([[path, Buffer.from(card)]]))
}

/** Nine in the morning in São Paulo, as UTC. */
function at(day: string): Instant {
  return parseInstant(`${day}T12:00:00Z`) ?? Number.NaN
}
