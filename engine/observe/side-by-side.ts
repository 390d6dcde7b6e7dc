// Two pieces of work at once, so that one computes while the other waits for an engine.

/** Both are awaited. Where both fail it is the first that is told, whichever was earlier: the same data fail the same way. */
export async function sideBySide<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled([first, second])
  if (a.status === 'rejected') throw a.reason
  if (b.status === 'rejected') throw b.reason
  return [a.value, b.value]
}
