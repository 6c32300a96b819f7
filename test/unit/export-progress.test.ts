import { afterEach, expect, it, vi } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import { exportProgress } from '../../electron/service/app/export-progress.ts';

afterEach(() => vi.useRealTimers());

it('tells the first piece, the last, and five a second in between, however many there are', () => {
  vi.useFakeTimers();
  const told: ServiceEvent[] = [];
  const next = exportProgress({ tell: (event) => told.push(event) }, '/out', 10_000);
  for (let at = 0; at < 10_000; at++) {
    next();
    if (at % 10 === 9) vi.advanceTimersByTime(1);
  }
  const done = told.map((event) => (event.kind === 'work' ? event.done : null));
  expect(done).toEqual([1, 2001, 4001, 6001, 8001, 10_000]);
  expect(told[1]).toEqual({
    ...{ kind: 'work', work: 'export', what: '/out' },
    ...{ done: 2001, total: 10_000, rate: 2001 / 0.2 },
  });
});
