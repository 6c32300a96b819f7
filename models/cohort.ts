import { readFileSync } from 'node:fs';
import { CohortFile } from '../electron/contract/cohort.ts';
import { type EncoderId, type EncoderKey, encoderOf } from '../electron/contract/ids.ts';

/** The file with an encoder's cohort, beside its card. */
export function cohortFile(id: EncoderId): URL {
  return new URL(`./cards/${id}.cohort.json`, import.meta.url);
}

/** A cohort as it is used. */
export interface KnownCohort {
  /** Packed row by row. */
  means: Float32Array;
  size: number;
  level: number;
}

const cohorts = new Map<EncoderKey, KnownCohort | null>();

/** An encoder's cohort; null for weights that were not measured. Each file is read once. */
export function cohortOf(key: EncoderKey): KnownCohort | null {
  const known = cohorts.get(key);
  if (known !== undefined) return known;
  const cohort = read(key);
  cohorts.set(key, cohort);
  return cohort;
}

function read(key: EncoderKey): KnownCohort | null {
  const { id, weights } = encoderOf(key);
  if (weights !== null) return null;
  let text: string;
  try {
    text = readFileSync(cohortFile(id), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { means, step, size, level } = CohortFile.parse(JSON.parse(text));
  const bytes = new Int8Array(Buffer.from(means, 'base64'));
  return { means: Float32Array.from(bytes, (value) => value * step), size, level };
}
