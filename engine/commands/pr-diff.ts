// What a proposal changes as its branch stands now, and who changed it after it was proposed: what is approved is this head,
// not what the body was written of.
import { lineDiff } from '../base/line-diff.ts'
import { visibleSource, visibleText } from '../base/visible-text.ts'
import type { Proposal, ProposalEvent } from '../domain/proposal.ts'
import type { GitStore, ObjectId } from '../world.ts'
import { changedFiles } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'

/** One file as a unified diff without file names. */
export interface FileDiff {
  readonly path: string
  /** Empty where it is no text, a link, or a file of the root. */
  readonly diff: string
  readonly isNew: boolean
  readonly isGone: boolean
}

/** Against where it forked from the base; of an ended one, from what it was rendered on. */
export function fileDiffs({ store, base }: OpenedProposals, proposal: Proposal): FileDiff[] {
  const text = (bytes: Uint8Array | null) => (bytes === null ? '' : Buffer.from(bytes).toString('utf8'))
  const from = proposal.state === 'open' ? base.commit : proposal.base
  return changedFiles(store, from, proposal.head).map(({ path, before, after }) => ({
    path,
    diff: lineDiff(text(before), text(after)),
    isNew: before === null,
    isGone: after === null,
  }))
}

/** A patch that `git apply` takes where nothing in it had to be made visible. `unseen`: the line of a file without a diff. */
export function patchLines(files: readonly FileDiff[], unseen: (path: string) => string): string[] {
  return files.flatMap(({ path, diff, isNew, isGone }) => {
    const name = visibleText(path)
    if (diff === '') return [unseen(name)]
    return [
      isNew ? '--- /dev/null' : `--- a/${name}`,
      isGone ? '+++ /dev/null' : `+++ b/${name}`,
      ...diff.split('\n').map((line) => visibleSource(line)),
    ]
  })
}

/** The body with its diff, which is of the moment when it was written, replaced by that of now. */
export function withPatch(body: string, patch: readonly string[]): string[] {
  const lines = body.trimEnd().split('\n')
  const from = lines.findIndex((line) => /^`{3,}diff$/.test(line))
  const fence = (lines[from] ?? '').slice(0, -'diff'.length)
  const to = lines.indexOf(fence, from + 1)
  if (from === -1 || to === -1) return [...lines, '', ...patch]
  return [...lines.slice(0, from + 1), ...patch, ...lines.slice(to)]
}

/** Who wrote commits onto the branch after it was rendered last, by name, sorted; null where nobody did. */
export function changersOf(
  { store, base }: OpenedProposals,
  { state, head }: Proposal,
  history: readonly ProposalEvent[],
): string[] | null {
  const rendered = renderedHead(history)
  if (state !== 'open' || rendered === null || head === rendered) return null
  const names = new Set<string>()
  const seen = new Set([head])
  for (const id of seen) {
    if (isKnown(store, id, rendered) || isKnown(store, id, base.commit)) continue
    const { author, committer, parents } = store.readCommit(id)
    names.add(author.name)
    names.add(committer.name)
    for (const parent of parents) seen.add(parent)
  }
  return [...names].sort()
}

function isKnown(store: GitStore, id: ObjectId, tip: ObjectId): boolean {
  return id === tip || store.isAncestor(id, tip)
}

/** The head that the engine made last: a person's stands in events, too, but never in one that renders. */
function renderedHead(history: readonly ProposalEvent[]): ObjectId | null {
  let rendered: ObjectId | null = null
  let isFrozen = false
  for (const { kind, head, text } of history) {
    if (kind === 'opened' || (kind === 'refreshed' && !isFrozen)) {
      rendered = head
      isFrozen = false
    } else if (kind === 'commented' && text?.trim() === 'retry') isFrozen = false
    else if (kind === 'frozen' || head !== rendered) isFrozen = true
  }
  return rendered
}
