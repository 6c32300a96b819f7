import { readFileSync } from 'node:fs';
import { DistanceTable } from '../electron/contract/distances.ts';
import { type EncoderId, type EncoderKey, encoderOf } from '../electron/contract/ids.ts';
import { ownDistances } from './calibration.ts';

/** Where the distances of an encoder are kept, beside its card. */
export function distancesFile(id: EncoderId): URL {
  return new URL(`./cards/${id}.json`, import.meta.url);
}

/**
 * How an encoder's distances were spread when it was calibrated; null where it was not measured.
 *
 * @param folders where models are looked up, and beside them the calibrations of weights that the user imported
 */
export function distancesOf(key: EncoderKey, folders: readonly string[] = []): DistanceTable | null {
  const { id, weights } = encoderOf(key);
  if (weights !== null) return ownDistances(key, folders);
  let text: string;
  try {
    text = readFileSync(distancesFile(id), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return DistanceTable.parse(JSON.parse(text));
}
