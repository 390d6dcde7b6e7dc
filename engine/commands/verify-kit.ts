// A kit for regulators for `tutela verify`: its folder, or its page alone. The log is verified as any CAR; then the kit is made
// again from it, so that a page that was rewritten is told.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { parseCid } from '../ledger/ipfs/cid.ts'
import { checkKit, checkPage } from '../ledger/kit/check-kit.ts'
import { readPage } from '../ledger/kit/fill-page.ts'
import { KIT_NAMES, MOST_EMBEDDED_BYTES } from '../ledger/kit/kit-files.ts'
import { pageTemplate } from '../ledger/kit/page-template.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import type { VerifyProblem } from '../ledger/verify-problem.ts'
import { VERSION } from '../version.ts'
import type { Invocation } from './command.ts'
import type { Answer, Asked } from './verify.ts'
import { verifyCarFile } from './verify-car.ts'
import { readGiven } from './verify-given.ts'

/** A page with the largest log that pages carry, as base64, and its program. */
const MOST_PAGE_BYTES = 2 * MOST_EMBEDDED_BYTES

/** Whether a folder is a kit's, and no log's. */
export function isKitFolder(path: string): boolean {
  const has = (name: string): boolean => existsSync(join(path, name))
  return !has('checkpoint') && !has('tile') && (has(KIT_NAMES.page) || has(KIT_NAMES.car))
}

/** Whether a file is HTML, by its first bytes. */
export function isPageFile(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const bytes = Buffer.alloc(15)
    return (
      fstatSync(file).isFile() &&
      readSync(file, bytes) === 15 &&
      bytes.toString('latin1').toLowerCase() === '<!doctype html>'
    )
  } finally {
    closeSync(file)
  }
}

/** Verifies a kit's folder: the log in `log.car`, and every other file against it. */
export async function verifyKitFolder(invocation: Invocation, asked: Asked): Promise<Answer> {
  const read = (name: string): Uint8Array | null => {
    const file = join(asked.path, name)
    if (!existsSync(file)) return null
    return name === KIT_NAMES.page ? readPageFile(file) : readGiven(file)
  }
  const html = read(KIT_NAMES.page)
  const page = html === null ? null : readPage(new TextDecoder().decode(html))
  const policy = read(KIT_NAMES.policy) ?? page?.policy ?? null
  const named = asked.named ?? (policy === null ? null : readPolicy(policy, join(asked.given, KIT_NAMES.policy)))
  const file = join(asked.path, KIT_NAMES.car)
  if (named === null || !existsSync(file)) return nothingProven(named === null ? KIT_NAMES.policy : KIT_NAMES.car)
  const cid = page === null ? null : parseCid(page.about.cid)
  const log = await verifyCarFile(invocation, { ...asked, named, path: file }, cid)
  const car = statSync(file).size > MOST_EMBEDDED_BYTES ? null : new Uint8Array(readFileSync(file))
  const checked = checkKit({ read, car, log, template: await pageTemplate(), version: VERSION })
  return withKit(log, checked, asked)
}

/** Verifies a page by itself, with the log that it carries. Faults `ledger/no-log` where it carries none. */
export async function verifyKitPage(invocation: Invocation, asked: Asked): Promise<Answer> {
  const html = readPageFile(asked.path)
  const page = readPage(new TextDecoder().decode(html))
  if (page === null || page.car === null) {
    const what = page === null ? 'is no page of a kit, or its data are damaged' : 'does not carry the log'
    throw new Fault('ledger/no-log', `\`${asked.given}\` ${what}`, `name the folder with \`${KIT_NAMES.car}\` in it`)
  }
  const named = asked.named ?? readPolicy(page.policy, asked.given)
  const folder = invocation.world.files.makeScratch('tutela-verify-')
  try {
    const path = join(folder, KIT_NAMES.car)
    invocation.world.files.write(path, page.car)
    const log = await verifyCarFile(invocation, { ...asked, named, path }, parseCid(page.about.cid))
    const checked = checkPage({ html, data: page, log, template: await pageTemplate(), version: VERSION })
    return withKit(log, checked, asked)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withKit(log: Answer, found: readonly VerifyProblem[], { named }: Asked): Answer {
  const problems = [...log.problems, ...found]
  return { ...log, ok: problems.length === 0, problems, ...(named === null && { originOnTrust: true as const }) }
}

function nothingProven(where: string): Answer {
  const problems = [{ code: 'ledger/other-kit-file' as const, where, actual: 'missing' }]
  return { ok: false, origin: null, size: null, root: null, signatures: [], entries: 0, problems }
}

function readPageFile(path: string): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size <= MOST_PAGE_BYTES) return new Uint8Array(readFileSync(path))
    throw new Fault('ledger/unreadable', `\`${path}\` has ${size} bytes; a page has at most ${MOST_PAGE_BYTES}`)
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('ledger/unreadable', `\`${path}\` cannot be read (${errorCode(error)})`, undefined, {
      cause: error,
    })
  }
}
