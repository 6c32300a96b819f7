import { readFileSync } from 'node:fs';
import { DistanceTable } from '../electron/contract/distances.ts';
import type { EncoderId } from '../electron/contract/ids.ts';

/** Where the distances of an encoder are kept, beside its card. */
export function distancesFile(id: EncoderId): URL {
  return new URL(`./cards/${id}.json`, import.meta.url);
}

/** How an encoder's distances were spread when it was calibrated; null where nobody has measured it. */
export function distancesOf(id: EncoderId): DistanceTable | null {
  let text: string;
  try {
    text = readFileSync(distancesFile(id), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return DistanceTable.parse(JSON.parse(text));
}
