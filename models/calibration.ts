import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Calibration } from '../electron/contract/calibration.ts';
import { DistanceTable } from '../electron/contract/distances.ts';
import { type EncoderKey, encoderOf } from '../electron/contract/ids.ts';
import { catalogCalibration } from './catalog.ts';
import { writeWhole } from './files.ts';

/** The file beside weights that the user imported, once their distances were measured; see {@link calibrationFile}. */
const Measured = z.object({
  kith: z.literal(1),
  calibration: Calibration,
  /** Pairs of one person and of two on which it was fitted. */
  pairs: z.object({ genuine: z.number().int().positive(), impostor: z.number().int().positive() }),
  /** How the distances were spread, the command that made all this, and what it was made on. */
  distances: DistanceTable,
});
type Measured = z.infer<typeof Measured>;

/** Name of the file with the calibration of imported weights: `arcface-512.0123456789abcdef.calibration.json`. */
function calibrationFile(id: string, weights: string): string {
  return `${id}.${weights.slice(0, 16)}${calibrationSuffix}`;
}

export const calibrationSuffix = '.calibration.json';

/**
 * What an encoder's distances mean: from the catalog for weights that Kith knows, from the file beside them for others.
 * Null where it was not measured.
 *
 * @param folders where models are looked up
 */
export function calibrationFor(key: EncoderKey, folders: readonly string[]): Calibration | null {
  const { id, weights } = encoderOf(key);
  if (weights !== null) return measured(id, weights, folders)?.calibration ?? null;
  return catalogCalibration(id);
}

/** How the distances of imported weights are spread; null where it was not measured. */
export function ownDistances(key: EncoderKey, folders: readonly string[]): DistanceTable | null {
  const { id, weights } = encoderOf(key);
  return weights === null ? null : (measured(id, weights, folders)?.distances ?? null);
}

/**
 * Writes the calibration of imported weights beside them.
 *
 * @param weights their hash, of the encoder's key
 * @returns the file
 * @throws KithError `disk-full`, `output-unwritable`
 */
export async function writeCalibration(
  { id, weights }: { id: string; weights: string },
  found: Omit<Measured, 'kith'>,
  folder: string,
): Promise<string> {
  const path = join(folder, calibrationFile(id, weights));
  const text = JSON.stringify(Measured.parse({ kith: 1, ...found }), null, 1);
  await writeWhole(path, new TextEncoder().encode(`${text}\n`));
  return path;
}

/** Files of the first versions call two numbers of a calibration by other names. */
const Former = z.looseObject({
  calibration: z.looseObject({
    doubt: z.number().optional(),
    match: z.looseObject({ mate: z.number().optional() }).optional(),
  }),
});

function inTodaysWords(file: unknown): unknown {
  const former = Former.safeParse(file);
  if (!former.success) return file;
  const { doubt, match, ...calibration } = former.data.calibration;
  const { mate, ...rest } = match ?? {};
  return {
    ...former.data,
    calibration: {
      ...(doubt === undefined ? {} : { qualitySlope: doubt }),
      ...(match === undefined
        ? {}
        : { match: { ...(mate === undefined ? {} : { inCluster: mate }), ...rest } }),
      ...calibration,
    },
  };
}

function measured(id: string, weights: string, folders: readonly string[]): Measured | null {
  for (const folder of folders) {
    let text: string;
    try {
      text = readFileSync(join(folder, calibrationFile(id, weights)), 'utf8');
    } catch {
      // There is none in this folder; the next one is tried.
      continue;
    }
    try {
      return Measured.parse(inTodaysWords(JSON.parse(text)));
    } catch {
      // A damaged file counts as none. The user makes it again with the same command.
      return null;
    }
  }
  return null;
}
