import PQueue from 'p-queue';

/**
 * Works on items side by side and gives the results in the order of the items.
 *
 * @param limits `flying`: how many are worked on at once; `ahead`: how many may be worked on or done before the
 *   oldest of them was taken, which bounds the memory that a slow item costs
 * @throws what `work` throws, when its turn comes; the reason of the signal
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  limits: { flying: number; ahead: number; signal: AbortSignal },
): AsyncGenerator<{ item: Item; result: Result }> {
  const { flying, ahead, signal } = limits;
  const queue = new PQueue({ concurrency: flying });
  const begun: { item: Item; result: Promise<Result> }[] = [];
  let next = 0;
  try {
    while (next < items.length || begun.length > 0) {
      while (next < items.length && begun.length < ahead) {
        const item = items[next++]!;
        const result = queue.add(() => work(item), { signal });
        // It is awaited when its turn comes; until then a failure must not count as unhandled.
        result.catch(() => {});
        begun.push({ item, result });
      }
      const { item, result } = begun.shift()!;
      yield { item, result: await result };
    }
  } finally {
    queue.clear();
  }
}
