// Deadlines that hold whatever the callee does with its signal: the signal is raised, and the wait ends besides.
import { Fault } from '../base/fault.ts'

/** How long, and how a failure is told. */
export interface Deadline {
  readonly ms: number
  /** Of an error of the act; of the deadline itself, a fault `pin/no-answer`. */
  told(error: unknown): Error
}

/** What the act gives in time. */
export async function byDeadline<T>(act: (signal: AbortSignal) => Promise<T>, { ms, told }: Deadline): Promise<T> {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault('pin/no-answer', `none within ${ms / 1000} s`))
      abort.abort()
    }, ms)
  })
  try {
    return await Promise.race([act(abort.signal), late])
  } catch (error) {
    throw told(error)
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

/** The pieces of a stream; each, the first too, must come in time. Whoever stops early stops the stream. */
export async function* eachByDeadline(
  start: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
  { ms, told }: Deadline,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController()
  const pieces = start(abort.signal)[Symbol.asyncIterator]()
  try {
    while (true) {
      const step = await byDeadline(() => pieces.next(), { ms, told })
      if (step.done === true) return
      yield step.value
    }
  } finally {
    abort.abort()
    // A stream that does not end when it is told is left to end by itself.
    pieces.return?.().catch(() => undefined)
  }
}
