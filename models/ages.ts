import { readFileSync } from 'node:fs';
import { AgeModel } from '../electron/contract/ages.ts';
import { type EncoderId, type EncoderKey, encoderOf } from '../electron/contract/ids.ts';

/** The file with an encoder's model of ages, beside its card. */
export function agesFile(id: EncoderId): URL {
  return new URL(`./cards/${id}.ages.json`, import.meta.url);
}

const models = new Map<EncoderKey, AgeModel | null>();

/** An encoder's model of ages; null for weights that were not measured. Each file is read once. */
export function agesOf(key: EncoderKey): AgeModel | null {
  const known = models.get(key);
  if (known !== undefined) return known;
  const model = read(key);
  models.set(key, model);
  return model;
}

function read(key: EncoderKey): AgeModel | null {
  const { id, weights } = encoderOf(key);
  if (weights !== null) return null;
  try {
    return AgeModel.parse(JSON.parse(readFileSync(agesFile(id), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
