// `tutela ledger export`: the kit for regulators, written only when it proves itself.
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { cidText } from '../ledger/ipfs/cid.ts'
import { verifyCar } from '../ledger/ipfs/verify-car.ts'
import { embeddedCar, KIT_NAMES, kitFiles } from '../ledger/kit/kit-files.ts'
import { logCar } from '../ledger/kit/log-car.ts'
import { pageTemplate } from '../ledger/kit/page-template.ts'
import { POLICY_PATH } from '../ledger/log-policy.ts'
import { headWithCosignatures } from '../record/cosigned-head.ts'
import { VERSION } from '../version.ts'
import type { CommandResult, Invocation } from './command.ts'
import { openTrees } from './open-for-plan.ts'
import { openLog } from './opened-log.ts'

/** Writes the kit's files into `--out`, by default `tutela-kit-<size>` where the user stands. */
export async function ledgerExport(invocation: Invocation): Promise<CommandResult> {
  const { options, globals, world } = invocation
  const log = openLog(invocation)
  const { base } = openTrees(invocation)
  const policy = base.has(POLICY_PATH) ? base.read(POLICY_PATH) : (log.read('policy') ?? new Uint8Array(0))
  const head = headWithCosignatures(log.store, log.head, log.trust.witnesses)
  const size = Number(log.checkpoint.size)
  const { cid, pieces } = logCar((path) => (path === 'checkpoint' ? head : log.read(path)), size)
  const car = Buffer.concat([...pieces])
  const source = { size: car.length, read: (at: number, length: number) => car.subarray(at, at + length) }
  const { problems, root } = verifyCar(source, log.trust, { cid })
  const [wrong] = problems.filter(({ code }) => code !== 'ledger/no-quorum')
  if (wrong !== undefined) {
    const hint = 'see what is wrong with `tutela verify ledger`'
    throw new Fault(wrong.code, `the kit would not hold: ${visibleText(wrong.where)}`, hint)
  }
  const isQuorum = problems.length === 0
  if (!isQuorum)
    invocation.note('too few of the trusted witnesses have cosigned: by `ledger/policy` this kit is not proven yet')
  const { institution } = log.governance
  const { origin } = log.checkpoint
  const about = {
    institution: institution.name,
    languages: institution.languages,
    origin,
    size,
    cid: cidText(cid),
    version: VERSION,
  }
  const folder = resolve(globals.cwd, typeof options.out === 'string' ? options.out : `tutela-kit-${size}`)
  const embedded = embeddedCar(car)
  const files = new Map([[KIT_NAMES.car, car], ...kitFiles({ about, policy, car: embedded }, await pageTemplate())])
  for (const [name, bytes] of files) world.files.write(join(folder, name), bytes)
  const json = {
    apiVersion: 'tutela/v1',
    kind: 'LedgerExport',
    origin,
    size,
    root,
    cid: cidText(cid),
    folder,
    files: [...files.keys()],
    isEmbedded: embedded !== null,
    isQuorum,
  }
  const page = join(folder, KIT_NAMES.page)
  const text = (): string =>
    [
      ...[...files.keys()].map((name) => join(folder, name)),
      '',
      embedded !== null
        ? `to check it: open ${page} in a browser, or`
        : `to check it: open ${page} in a browser and give it ${KIT_NAMES.car}, or`,
      `  tutela verify ${folder}`,
    ].join('\n')
  return { exit: 0, json, text }
}
