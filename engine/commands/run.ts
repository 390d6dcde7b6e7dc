// `tutela run`: plan, record it in one commit, deliver. Exits as `plan` does.

import { visibleText } from '../base/visible-text.ts'
import { formatMoment } from '../domain/figures.ts'
import type { WitnessReply } from '../ledger/ask-witness.ts'
import { reportInputOf } from '../pipeline.ts'
import { mergeRun } from '../record/run-document.ts'
import { runRepository } from '../run-repository.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { noteClaimed, noteStrangeRefs } from './note-gone.ts'
import { openStore } from './open-repository.ts'
import { planText } from './plan-text.ts'
import { noteLost } from './pr-remote.ts'
import { wordsOf } from './pr-words.ts'
import { terminal } from './terminal-text.ts'
import type { TerminalWords } from './terminal-words.en.ts'

export const command: Command = {
  name: 'run',
  summary: 'judge, record in one commit, deliver; exits as `plan` does',
  description:
    'Does what `plan` says: one commit with reports, ledger entries and what is to be sent, then proposals, notices and triggers, each exactly once. After a crash the next `run` finishes the work. Judges the commit that is checked out (or `--ref`); what the working tree has besides is named, not judged.',
  examples: ['tutela run', 'tutela run --no-deliver --now 2026-11-22T06:00:00Z'],
  options: [{ flags: '--no-deliver', help: 'record alone; the next run delivers' }],
  run,
}

async function run(invocation: Invocation): Promise<CommandResult> {
  const { world, globals, options } = invocation
  const store = openStore(invocation)
  const outcome = await runRepository({
    world,
    store,
    ref: globals.ref,
    now: globals.now,
    language: globals.lang,
    deliver: options.deliver !== false,
  })
  const { planned } = outcome
  const on = terminal(planned.language, globals.colour)
  const { words } = on
  // With a remote another clone may have gone on meanwhile: the next run, which fetches, says which it is.
  const isFork = (reply: WitnessReply): boolean =>
    reply.state === 'failed' && (reply.refusal === 'fork' || (reply.refusal === 'larger' && store.remote() === null))
  noteLost(invocation, planned.language, outcome.lost)
  const spoken = wordsOf(planned.language)
  noteClaimed(invocation, outcome.proposals, spoken)
  noteStrangeRefs(invocation, store, spoken)
  for (const { kind, model } of outcome.strange)
    invocation.note(spoken.strangeMark(visibleText(kind), model === undefined ? '' : ` \`${visibleText(model)}\``))
  if (outcome.aheadOfClock !== null) {
    const { timeZone } = planned.rulebook.governance.institution
    const behind = durationText(outcome.aheadOfClock - globals.now, words.lasting)
    invocation.note(words.behind(behind, formatMoment(outcome.aheadOfClock, timeZone, planned.language)))
  }
  const dirty = planned.plan.dirty
  if (dirty.length > 0) {
    const shown = dirty.slice(0, MOST_PATHS).map((path) => visibleText(path))
    invocation.note(words.besides(shown.join(', '), dirty.length - shown.length))
  }
  for (const { kind, key, message } of outcome.delivered.filter(({ state }) => state === 'failed')) {
    invocation.note(words.notSent(`${words.action[kind]} ${key.slice(0, 10)}`, visibleText(message ?? '')))
  }
  for (const reply of outcome.cosigned) {
    if (reply.state !== 'failed') continue
    const say = isFork(reply) ? words.forked : words.notCosigned
    invocation.note(say(visibleText(reply.name), visibleText(reply.message)))
  }
  return {
    exit: outcome.cosigned.some(isFork) ? 1 : planned.exit,
    diagnostics: planned.diagnostics,
    ...(planned.plan.commit !== null && { source: sourceOf(store.commitTree(planned.plan.commit)) }),
    json: mergeRun(planned.plan, outcome),
    text: () =>
      planText(reportInputOf(planned, outcome.proposals, globals.now), {
        on,
        verb: 'run',
        again: globals.again,
        result: outcome,
      }),
  }
}

/** Arbitrary: enough to know which they are. */
const MOST_PATHS = 5

/** Whole days, or what is less than one in hours, minutes or seconds. */
function durationText(ms: number, words: TerminalWords['lasting']): string {
  for (const [unit, size] of UNITS) {
    const count = Math.floor(ms / size)
    if (count >= 1) return words[unit](count)
  }
  return words.less
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const
