/**
 * Gives the results of `work` in the order of `items`, with up to `count` of them under way at once. When one fails or the consumer
 * stops, those under way are waited for, so that nothing works on behind anybody's back.
 */
export async function* ahead<Item, Result>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const under: Promise<Result>[] = []
  const next = () => under.shift() as Promise<Result>
  try {
    for (const item of items) {
      const result = work(item)
      // One may fail before it is its turn to be awaited, which must not count as a failure that nobody handles.
      result.catch(() => undefined)
      under.push(result)
      if (under.length >= count) yield await next()
    }
    while (under.length > 0) yield await next()
  } finally {
    await Promise.allSettled(under)
  }
}
