// Whether every proposal that runs recorded still has its ref.
import type { Governance } from '../domain/governance.ts'
import { goneProposals } from '../record/gone-proposals.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore } from '../world.ts'
import type { Check } from './doctor-text.ts'
import type { DoctorWords } from './doctor-words.en.ts'
import { goneTexts } from './note-gone.ts'
import { wordsOf } from './pr-words.ts'

const PROPOSALS = 'refs/tutela/proposals/'

/** Nothing where proposals live elsewhere, or none was recorded here. Faults `report/unreadable`. */
export function proposalChecks(store: GitStore, governance: Governance, words: DoctorWords): Check[] {
  if (governance.forge.kind !== 'local' || store.resolve('HEAD') === null) return []
  const ref = recordRef(governance, baseOf(store, null).ref)
  const commit = ref === null ? null : store.resolve(ref)
  if (commit === null) return []
  const known = store.listRefs(PROPOSALS).map((one) => ({ id: one.ref.slice(PROPOSALS.length) }))
  const gone = goneProposals(store, store.commitTree(commit), known)
  return goneTexts(gone, wordsOf(words.language)).map(({ ids, todo }) => ({
    ...{ what: 'proposals', state: 'problem', found: words.gone(ids) },
    fix: todo,
  }))
}
