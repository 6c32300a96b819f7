import { expect, test } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import { BackgroundWork } from '../../electron/service/app/background.ts';

// When work that waits for scans begins, and when it ends.

/** The work of three scans at most, each of which ends when the test says so. */
function made() {
  const runs: { signal: AbortSignal; end: PromiseWithResolvers<void> }[] = [];
  let scanned: (event: ServiceEvent) => unknown = () => {};
  let letGo: () => Promise<void> = async () => {};
  const engine = {
    on(listener: typeof scanned) {
      scanned = listener;
      return () => {};
    },
    onExchange(holder: typeof letGo) {
      letGo = holder;
    },
  };
  const work = new BackgroundWork(engine, 'names', (signal) => {
    const end = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => end.reject(signal.reason));
    runs.push({ signal, end });
    return end.promise;
  });
  const scan = (phase: 'scanning' | 'done') =>
    scanned({ kind: 'scan', state: { phase } } as Parameters<typeof scanned>[0]);
  return { runs, work, scan, exchange: () => letGo() };
}

const rest = () => new Promise((resolve) => setImmediate(resolve));

test('It begins when a scan is done, and once more where others end before it is done.', async () => {
  const { runs, scan } = made();
  scan('scanning');
  expect(runs).toHaveLength(0);
  scan('done');
  scan('done');
  scan('done');
  await rest();
  expect(runs).toHaveLength(1);
  runs[0]!.end.resolve();
  await rest();
  expect(runs).toHaveLength(2);
  runs[1]!.end.reject(new Error('Work that fails is done.'));
  await rest();
  expect(runs).toHaveLength(2);
  scan('done');
  expect(runs).toHaveLength(3);
});

test('It ends before the library’s file is exchanged, and begins again with the next scan.', async () => {
  const { runs, scan, exchange } = made();
  await exchange();
  scan('done');
  scan('done');
  await exchange();
  expect(runs).toHaveLength(1);
  expect(runs[0]!.signal.aborted).toBe(true);
  scan('done');
  expect(runs).toHaveLength(2);
  expect(runs[1]!.signal.aborted).toBe(false);
});
