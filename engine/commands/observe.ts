// `tutela observe`: one snapshot from data, measured by the engine itself. Nothing row-level leaves it.
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { hasErrors } from '../domain/diagnostic.ts'
import type { Governance, Rulebook } from '../domain/governance.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { listModels, loadCard } from '../load/load-models.ts'
import { loadRulebook } from '../load/load-rulebook.ts'
import { readDocument } from '../load/read-document.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { recordRef, withRecordedSnapshots } from '../record/two-refs.ts'
import type { SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { observeAll } from './observe-all.ts'
import { observeModel } from './observe-model.ts'
import { OBSERVE_OPTIONS, readObserveRequest } from './observe-request.ts'
import { measuredJson, measuredText, noteLines } from './observe-text.ts'
import { observeScreen } from './observe-words.ts'
import { openTree, repositoryFolder } from './open-repository.ts'
import { requireWriteOptions } from './write-snapshot.ts'

export const command: Command = {
  name: 'observe',
  summary: 'one snapshot from data: drift, performance, fairness, quality',
  description:
    'Measures a window of data against the card and appends the numbers as one snapshot, each with its definition, sample and interval. Rows are read by DuckDB (or a Trino cluster) and stay there: only counts and figures leave. Labels that come later are joined by the columns that both files have, without the label; a key must be unique. Times without a zone are UTC.',
  examples: [
    'tutela observe --model credit-default --current data/2026-11.parquet --reference data/train.parquet',
    "tutela observe --all --current 'data/{model}/*.csv' --reference 'data/{model}/reference/*.csv' --commit",
  ],
  options: OBSERVE_OPTIONS,
  run: observeResult,
}

async function observeResult(invocation: Invocation): Promise<CommandResult> {
  const request = readObserveRequest(invocation)
  requireWriteOptions(invocation)
  const checkedOut = openTree(invocation)
  const rulebook = loadRulebook(checkedOut, { metrics: metricsById })
  const { governance, policies } = rulebook
  const tree = withRecord(invocation, checkedOut, governance)
  const written = invocation.options.commit === true ? tree : checkedOut
  const { target } = request
  if (target.kind === 'all') {
    const cards = cardsIn(checkedOut, rulebook)
    return await observeAll(invocation, { tree, written, governance, policies, request, cards })
  }
  const found = target.kind === 'model' ? cardOf(checkedOut, rulebook, target.name) : cardFile(invocation, target.name)
  if ('exit' in found) return found
  const observed = await observeModel(invocation, {
    card: found,
    tree: written,
    governance,
    policies,
    request,
    beside: 1,
  })
  if (observed.kind === 'unchanged') return unchanged(invocation, found.id, observed.digest)
  for (const line of noteLines(observed.notes, null)) invocation.note(line)
  const isWritten = observed.written.kind === 'written'
  return {
    exit: isWritten ? 0 : 1,
    diagnostics: observed.written.diagnostics,
    json: { apiVersion: 'tutela/v1', kind: 'Observe', ...measuredJson(observed) },
    text: () => measuredText(observed, observeScreen(invocation)),
  }
}

/** Nothing was written, and nothing is wrong: what runs by the clock may meet the same data twice. */
function unchanged(invocation: Invocation, model: string, digest: string): CommandResult {
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'Observe', state: 'unchanged', model, ok: true, digest },
    text: () => {
      const { words } = observeScreen(invocation)
      return `${model}: ${words.unchanged}: ${words.nothing}`
    },
  }
}

function cardsIn(
  tree: SourceTree,
  rulebook: Rulebook,
  only: string | null = null,
): { readonly id: string; readonly card: ModelCard | null }[] {
  return listModels(tree)
    .filter(({ id }) => only === null || id === only)
    .map((files) => ({ id: files.id, card: loadCard(tree, files, rulebook).loaded?.card ?? null }))
}

function cardOf(tree: SourceTree, rulebook: Rulebook, id: string): ModelCard {
  const [found] = cardsIn(tree, rulebook, id)
  if (found !== undefined && found.card !== null) return found.card
  if (found !== undefined)
    throw new Fault('observe/bad-card', `the card of \`${id}\` cannot be read`, 'run `tutela check`')
  const ids = listModels(tree).map((model) => `\`${model.id}\``)
  const there = ids.length === 0 ? 'there are no models here' : `there are ${ids.join(', ')}`
  throw new Fault('observe/unknown-model', `no model is called \`${id}\``, `${there}; or name a card with \`--card\``)
}

/** A card outside models/: what is wrong with it is told at its place. */
function cardFile(invocation: Invocation, name: string): ModelCard | CommandResult {
  const { world, globals } = invocation
  const bytes = world.files.read(resolve(globals.cwd, name))
  if (bytes === null) throw new Fault('observe/no-file', `there is no file \`${name}\``, 'give `--card` a model card')
  const { value, diagnostics } = readDocument<ModelCard>('model-card', name, bytes)
  if (value !== null && !hasErrors(diagnostics)) return value
  return {
    exit: 1,
    diagnostics,
    json: { apiVersion: 'tutela/v1', kind: 'Observe', ok: false, diagnostics },
    text: () => observeScreen(invocation).words.unmeasured,
  }
}

/** Snapshots that pipelines committed to the record branch are known too. */
function withRecord(invocation: Invocation, tree: SourceTree, governance: Governance): SourceTree {
  const store = invocation.world.repositories.open(repositoryFolder(invocation))
  const ref = store === null ? null : recordRef(governance, store.headRef())
  const commit = store === null || ref === null || governance.record.branch === null ? null : store.resolve(ref)
  return store === null || commit === null ? tree : withRecordedSnapshots(tree, store.commitTree(commit))
}
