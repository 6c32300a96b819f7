import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../electron/service/in-order.ts';
import { Meter } from '../../electron/service/meter.ts';

const never = new AbortController().signal;

test('Results come in the order of the items, with no more in flight and ahead than allowed.', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 9 }),
      async (delays, flying, ahead) => {
        let now = 0;
        let most = 0;
        let begun = 0;
        let taken = 0;
        const work = async (item: { at: number; delay: number }) => {
          begun += 1;
          expect(begun - taken).toBeLessThanOrEqual(ahead + 1);
          most = Math.max(most, ++now);
          await wait(item.delay);
          now -= 1;
          return item.at * 2;
        };
        const results: number[] = [];
        const items = delays.map((delay, at) => ({ at, delay }));
        for await (const { result } of inOrder(items, work, { flying, ahead, signal: never })) {
          taken += 1;
          results.push(result);
        }
        expect(results).toEqual(delays.map((_, at) => at * 2));
        expect(most).toBeLessThanOrEqual(flying);
      },
    ),
    { numRuns: 40 },
  );
});

test('A failure comes in its turn, and nothing that waits is begun after it.', async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await wait(1);
    if (item === 2) throw new Error('two');
    return item;
  };
  const items = Array.from({ length: 100 }, (_, i) => i);
  const results: number[] = [];
  const all = (async () => {
    for await (const { result } of inOrder(items, work, { flying: 2, ahead: 50, signal: never }))
      results.push(result);
  })();
  await expect(all).rejects.toThrow('two');
  await wait(20);
  expect(results).toEqual([0, 1]);
  expect(begun.length).toBeLessThan(8);
});

test('The meter tells rate and time left from the files that had to be opened.', () => {
  let now = 0;
  const meter = new Meter(110, 10, () => now);
  expect(meter.report()).toEqual({ done: 10, total: 110, rate: 0, remaining: null, path: null, faces: 0 });
  for (let i = 0; i < 20; i++) meter.count(`${i}.jpg`, 2);
  now = 4000;
  expect(meter.report()).toEqual({ done: 30, total: 110, rate: 5, remaining: 16, path: '19.jpg', faces: 40 });
});
