// Whether the files of a kit are those that its log and policy give: the kit is made again and compared, byte by byte. That the
// log is sound is the verifier's business; this finds a page that shows something else.
import { equalBytes } from '../tree-hash.ts'
import type { Verify } from '../verify-log.ts'
import type { VerifyProblem } from '../verify-problem.ts'
import { fillPage, type PageData, readPage } from './fill-page.ts'
import { embeddedCar, KIT_NAMES, kitFiles } from './kit-files.ts'

/** A kit as given, and what to hold it against. */
export interface KitCheck {
  /** A file of the folder; null where there is none. */
  readonly read: (name: string) => Uint8Array | null
  /** `log.car`; null where it is missing, or too large to be in the page. */
  readonly car: Uint8Array | null
  /** What was found of the log, under whatever trust. */
  readonly log: Pick<Verify, 'origin' | 'size'> & { readonly cid?: string | null }
  readonly template: string
  /** Of this program: the pages of another have other bytes. */
  readonly version: string
}

/** Checks every file of a kit's folder but `log.car`. Strangers are ignored. */
export function checkKit({ read, car, log, template, version }: KitCheck): VerifyProblem[] {
  const html = read(KIT_NAMES.page)
  const data = html === null ? null : readPage(new TextDecoder().decode(html))
  const policy = read(KIT_NAMES.policy)
  if (html === null || data === null || policy === null) {
    const missing = [KIT_NAMES.page, KIT_NAMES.policy].filter((name) => read(name) === null).map(missingFile)
    return html === null || data !== null ? missing : [...missing, otherFile(KIT_NAMES.page)]
  }
  const problems = checkPage({ html, data, log, template, version })
  const embedded = car === null ? null : embeddedCar(car)
  const isSameData =
    equalBytes(data.policy, policy) &&
    (embedded === null ? data.car === null : data.car !== null && equalBytes(data.car, embedded))
  if (!isSameData && problems.length === 0) problems.push(otherFile(KIT_NAMES.page))
  for (const [name, bytes] of kitFiles({ about: data.about, policy, car: embedded }, template)) {
    const found = name === KIT_NAMES.page || name === KIT_NAMES.policy ? bytes : read(name)
    if (found === null) problems.push(missingFile(name))
    else if (!equalBytes(found, bytes)) problems.push(otherFile(name))
  }
  return problems
}

/** Checks a page by itself: that this program would write it, and that it says of the log what the log is. */
export function checkPage({
  html,
  data,
  log,
  template,
  version,
}: Pick<KitCheck, 'log' | 'template' | 'version'> & {
  readonly html: Uint8Array
  readonly data: PageData
}): VerifyProblem[] {
  const { about } = data
  const isOfLog = about.origin === log.origin && about.size === log.size && about.cid === log.cid
  if (!isOfLog) return [otherFile(KIT_NAMES.page)]
  if (about.version !== version) {
    return [{ code: 'ledger/unknown-page', where: KIT_NAMES.page, expected: version, actual: about.version }]
  }
  const isOurs = equalBytes(new TextEncoder().encode(fillPage(template, data)), html)
  return isOurs ? [] : [otherFile(KIT_NAMES.page)]
}

function missingFile(where: string): VerifyProblem {
  return { code: 'ledger/other-kit-file', where, actual: 'missing' }
}

function otherFile(where: string): VerifyProblem {
  return { code: 'ledger/other-kit-file', where }
}
