// Whether the IPFS node of `ledger.pin` answers, and pins the newest log.
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import { ANCHORS, readAnchors } from '../ledger/ipfs/anchors.ts'
import { logReader } from '../record/run-commit.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore } from '../world.ts'
import type { Invocation } from './command.ts'
import type { Check } from './doctor-text.ts'
import type { DoctorWords } from './doctor-words.en.ts'

const WHAT = 'IPFS node'

/** Nothing where governance.yaml names no node: logs are then kept on this machine. Asks for one pin, and changes none. */
export async function pinChecks(
  { world, globals }: Invocation,
  store: GitStore,
  governance: Governance,
  { pin: words }: DoctorWords,
): Promise<Check[]> {
  if (governance.ledger.pin === undefined || world.openPinNode === undefined) return []
  try {
    const node = await world.openPinNode(governance)
    const record = recordRef(governance, baseOf(store, globals.ref).ref)
    const commit = record === null ? null : store.resolve(record)
    const anchor = commit === null ? undefined : readAnchors(logReader(store.commitTree(commit))(ANCHORS)).at(-1)
    // Of a log that there is not yet, the empty directory is asked for: an answer is enough.
    const isPinned = (await node?.isPinned(anchor?.cid ?? EMPTY_DIRECTORY)) ?? false
    const address = node?.address ?? ''
    if (anchor === undefined) return [{ what: WHAT, state: 'ok', found: words.answers(address) }]
    if (isPinned) return [{ what: WHAT, state: 'ok', found: words.pins(address, anchor.size) }]
    const found = words.notNewest(address)
    return [{ what: WHAT, state: 'warning', found, fix: 'tutela ledger pin' }]
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const fix = error.hint === undefined ? {} : { fix: error.hint }
    return [{ what: WHAT, state: 'problem', found: error.message, ...fix }]
  }
}

const EMPTY_DIRECTORY = 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354'
