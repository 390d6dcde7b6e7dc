// Two pieces of work at once, so that one computes while the other waits for an engine.

export type Work<T> = () => Promise<T>

/**
 * Both are awaited. What failed for want of room, as `isTight` says of the error, is tried once more alone. Where both fail it is
 * the first that is told, whichever was earlier: the same data fail the same way.
 */
export async function sideBySide<A, B>(
  first: Work<A>,
  second: Work<B>,
  isTight: (error: unknown) => boolean = () => false,
): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled([first(), second()])
  return [await resultOf(a, first, isTight), await resultOf(b, second, isTight)]
}

async function resultOf<T>(
  settled: PromiseSettledResult<T>,
  work: Work<T>,
  isTight: (error: unknown) => boolean,
): Promise<T> {
  if (settled.status === 'fulfilled') return settled.value
  if (isTight(settled.reason)) return await work()
  throw settled.reason
}
