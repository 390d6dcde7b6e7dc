// The verifier of a log in a CAR: that the CAR is whole and has the root that was named, and then the log in it as any other.
import type { Trust } from '../trust-policy.ts'
import { type Verify, verifyLog } from '../verify-log.ts'
import type { CarSource } from './car-index.ts'
import { openCar } from './car-log.ts'
import type { Cid } from './cid.ts'

/** What a CAR must hold besides a sound log. */
export interface VerifyCarOptions {
  /** The root that it must have. */
  readonly cid?: Cid
  /** The bytes of an older signed checkpoint that the log must continue. */
  readonly since?: Uint8Array
}

/** The answer for the log, with the CAR's own problems first. `cid`: its root; null where it has none. */
export function verifyCar(
  source: CarSource,
  trust: Trust,
  { cid, since }: VerifyCarOptions = {},
): Verify & { readonly cid: string | null } {
  const opened = openCar(source, cid)
  const log = verifyLog(opened.files, trust, since === undefined ? {} : { since })
  const problems = [...opened.problems, ...log.problems]
  return { ...log, ok: problems.length === 0, problems, cid: opened.cid }
}
