// `tutela ledger audit`: holds the log against everything else that the repository has, and with `--against` against what is
// pinned. Exit 2 where something is missing on either side.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { planDigest } from '../evaluate/digest.ts'
import { judgeRepository } from '../judge-repository.ts'
import { type Compared, comparePinned } from '../ledger/audit-against.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import { openerInFile, openNothing } from '../ledger/encrypted-body.ts'
import { openCar } from '../ledger/ipfs/car-log.ts'
import { parseCid } from '../ledger/ipfs/cid.ts'
import { verifyCar } from '../ledger/ipfs/verify-car.ts'
import type { LogFiles } from '../ledger/verify-log.ts'
import { loadCard, modelFolders } from '../load/load-models.ts'
import { openRulebook } from '../open-rulebook.ts'
import type { ReadFacts } from '../record/audit-facts.ts'
import { auditRepository } from '../record/audit-repository.ts'
import type { JudgeAgain } from '../record/audit-snapshots.ts'
import { headWithCosignatures } from '../record/cosigned-head.ts'
import type { CommandResult, Invocation } from './command.ts'
import { auditText } from './ledger-audit-text.ts'
import { openTrees } from './open-for-plan.ts'
import { openLog } from './opened-log.ts'
import { withPinned } from './verify-car.ts'

/** Faults `ledger/no-log`, and those of `--identity` and `--against`. */
export async function ledgerAudit(invocation: Invocation): Promise<CommandResult> {
  const { world, options, globals } = invocation
  const log = openLog(invocation)
  const { store, governance, trust } = log
  const trees = openTrees(invocation)
  const isOnRecord = trees.record?.has('ledger/checkpoint') === true
  const record = isOnRecord && trees.record !== null ? trees.record : trees.base
  const read = (path: string): Uint8Array | null => {
    const bytes = log.read(path)
    return bytes === null || path !== 'checkpoint' ? bytes : headWithCosignatures(store, bytes, trust.witnesses)
  }
  const prefix = 'ledger/'
  const files: LogFiles = {
    list: () => record.list(['ledger']).map(({ path }) => path.slice(prefix.length)),
    read,
  }
  const open =
    typeof options.identity === 'string' ? await openerInFile(resolve(globals.cwd, options.identity)) : openNothing
  const audit = await auditRepository({
    store,
    forge: world.openForge(store, governance),
    governance,
    base: trees.base,
    record,
    tip: record.commit,
    files,
    trust,
    open,
    judge: judgeAgain,
    facts: readFacts,
  })
  const against = typeof options.against === 'string' ? await compare(invocation, options.against, files, log) : null
  const problems: readonly AuditProblem[] = [...audit.problems, ...(against?.problems ?? [])]
  const { origin, size, root } = audit.log
  const { compared, pending, closed, repeated } = audit
  const ok = problems.length === 0
  const pinned = against === null ? {} : { against: { common: against.common, unpinned: against.unpinned } }
  const json = {
    ...{ apiVersion: 'tutela/v1', kind: 'Audit', ok, origin, size, root, compared, pending, closed, repeated },
    ...pinned,
    problems,
  }
  return {
    exit: ok ? 0 : 2,
    json,
    text: () => auditText(json, globals.lang ?? governance.institution.languages[0] ?? 'en'),
  }
}

/** As `run` does, in the language of its reports. */
export const judgeAgain: JudgeAgain = (tree, now) => {
  const { models } = judgeRepository({ tree, now, language: null, keep: 'not-pass' })
  return {
    digest: planDigest(models.flatMap(({ digests }) => digests)),
    verdicts: models.flatMap(({ judgements }) => judgements.map(({ verdict }) => verdict)),
  }
}

/** As `run` does. */
export const readFacts: ReadFacts = {
  rulebook: (tree) => openRulebook({ tree, language: null }).rulebook,
  card: (tree, id, rulebook) => {
    const files = tree.list([`models/${id}`])
    const cardFile = `models/${id}/card.yaml`
    return files.length === 0 ? null : (loadCard(tree, { id, cardFile, files }, rulebook).loaded?.digest ?? null)
  },
  models: modelFolders,
}

async function compare(
  invocation: Invocation,
  given: string,
  files: LogFiles,
  { trust, checkpoint }: ReturnType<typeof openLog>,
): Promise<Compared> {
  const path = resolve(invocation.globals.cwd, given)
  const cid = existsSync(path) ? null : parseCid(given)
  if (cid === null && !existsSync(path)) {
    throw new Fault(
      'cli/bad-option',
      `\`${given}\` is neither a CAR nor a CID`,
      'name a file, or a CID such as the last one of `ledger/anchors.ndjson`',
    )
  }
  return await withPinned(invocation, { path, cid }, async (source) => {
    // What was pinned before its witnesses answered is no less what was pinned.
    const alone = { ...trust, quorum: { kind: 'none' } as const }
    const pinned = verifyCar(source, alone, cid === null ? {} : { cid })
    if (!pinned.ok || pinned.size === null) return { common: 0, unpinned: 0, problems: pinned.problems }
    const { read } = openCar(source).files
    return comparePinned({ read: files.read, size: Number(checkpoint.size) }, { read, size: pinned.size })
  })
}
