import type { Engine } from './engine.ts';

/** Least time between two events of progress, in milliseconds, as for scans. Chosen by hand. */
const TELL_EVERY = 200;

/**
 * Tells all listeners how far an export, or a writing of metadata, is.
 *
 * @param what the folder that it writes to
 * @returns to be called after each of `total` pieces
 */
export function exportProgress(
  engine: Pick<Engine, 'tell'>,
  what: string,
  total: number,
  work: 'export' | 'metadata' = 'export',
): () => void {
  const start = performance.now();
  let done = 0;
  let told = Number.NEGATIVE_INFINITY;
  return () => {
    done += 1;
    const now = performance.now();
    if (now - told < TELL_EVERY && done < total) return;
    told = now;
    const rate = done / Math.max(0.001, (now - start) / 1000);
    engine.tell({ kind: 'work', work, what, done, total, rate });
  };
}
