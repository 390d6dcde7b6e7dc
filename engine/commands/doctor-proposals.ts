// Whether every proposal that runs recorded still has its ref, and says of its merge what the base says.
import type { Governance } from '../domain/governance.ts'
import { believedProposals } from '../record/claimed-merges.ts'
import { goneProposals } from '../record/gone-proposals.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore, World } from '../world.ts'
import type { Check } from './doctor-text.ts'
import type { DoctorWords } from './doctor-words.en.ts'
import { goneTexts, noteClaimed, noteStrangeRefs } from './note-gone.ts'
import { wordsOf } from './pr-words.ts'

const PROPOSALS = 'refs/tutela/proposals/'

/** Nothing where proposals live elsewhere, or none was recorded here. Faults `report/unreadable`. */
export async function proposalChecks(
  world: Pick<World, 'openForge'>,
  store: GitStore,
  { governance, words }: { readonly governance: Governance; readonly words: DoctorWords },
): Promise<Check[]> {
  if (governance.forge.kind !== 'local' || store.resolve('HEAD') === null) return []
  const base = baseOf(store, null)
  const told: string[] = []
  const spoken = wordsOf(words.language)
  const listed = await world.openForge(store, governance).list(base.commit)
  const proposals = believedProposals(store, base.commit, { kind: 'local', proposals: listed })
  noteClaimed({ note: (text) => told.push(text) }, proposals, spoken)
  noteStrangeRefs({ note: (text) => told.push(text) }, store, spoken)
  const strange = told.map((found): Check => ({ what: 'proposals', state: 'problem', found }))
  const ref = recordRef(governance, base.ref)
  const commit = ref === null ? null : store.resolve(ref)
  if (commit === null) return strange
  const known = store.listRefs(PROPOSALS).map((one) => ({ id: one.ref.slice(PROPOSALS.length) }))
  const gone = goneProposals(store, store.commitTree(commit), known)
  const lost = goneTexts(gone, spoken).map(
    ({ ids, todo }): Check => ({
      ...{ what: 'proposals', state: 'problem', found: words.gone(ids) },
      fix: todo,
    }),
  )
  return [...lost, ...strange]
}
