import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Forming } from '../../electron/service/app/forming.ts';

// When a scan groups what it has found so far, by a clock of the test's own.

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Groups in `seconds` seconds each time, while ten faces are found in each second. @returns when it began, in seconds */
async function begins(seconds: number, during: number): Promise<number[]> {
  const began: number[] = [];
  const start = performance.now();
  const forming = new Forming(async () => {
    began.push(Math.round((performance.now() - start) / 1000));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  });
  for (let second = 0; second < during; second++) {
    forming.found(10);
    await vi.advanceTimersByTimeAsync(1000);
  }
  return began;
}

it('A scan groups at once, then every three seconds, and for a thirtieth of its time at most.', async () => {
  expect(await begins(0.01, 10)).toEqual([0, 4, 8]);
  const slow = await begins(2, 300);
  const apart = slow.slice(1).map((at, before) => at - slow[before]!);
  expect(apart.length).toBeGreaterThan(3);
  expect(2 / Math.min(...apart)).toBeLessThan(0.03);
});

it('Nothing is grouped for a few faces, nor while the scan is paused; what was begun is broken off.', async () => {
  const signals: AbortSignal[] = [];
  const forming = new Forming(async (signal) => void signals.push(signal));
  forming.found(7);
  expect(signals).toHaveLength(0);
  forming.found(1);
  expect(signals).toHaveLength(1);
  await forming.hold();
  expect(signals[0]!.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  forming.found(100);
  expect(signals).toHaveLength(1);
  forming.goOn();
  forming.found(1);
  expect(signals).toHaveLength(2);
});
