import { calibrationFor } from '../../models/calibration.ts';
import { distancesOf } from '../../models/cards.ts';
import { openStore } from '../../models/store.ts';
import type { Calibration } from '../contract/calibration.ts';
import { type EncoderKey, encoderOf } from '../contract/ids.ts';
import { CalibrationCard } from '../contract/screens.ts';
import { distanceAt, evidence } from '../grouping/calibrate.ts';
import { knownPairs } from '../grouping/known-pairs.ts';
import type { Product } from '../grouping/product.ts';
import { type SelfCalibration, selfCalibrate, shifted } from '../grouping/self-calibrate.ts';
import type { EmbeddingTable } from '../library/embeddings.ts';
import type { Library } from '../library/open.ts';
import { calibrationOf } from './encoder.ts';
import type { LoadedEmbeddings } from './load-embeddings.ts';

/** What an encoder's distances mean in this library, as of the last call of {@link ownCalibration}. */
export function calibrationIn(library: Library, encoder: EncoderKey): Calibration {
  return shifted(calibrationOf(encoder), fitIn(library, encoder));
}

/**
 * Learns from known pairs of a library what the encoder's distances mean there, and keeps it in the library. The encoder's
 * own vectors are used: under a learned metric, the pairs that the user confirmed would look too good, since they taught
 * it. The shift of that metric is applied afterwards.
 *
 * @param calibration one that is not the encoder's is used as it is: the pairs that it was fitted on are not known
 */
export async function ownCalibration(
  library: Library,
  encoder: EncoderKey,
  { own, shift }: Pick<LoadedEmbeddings, 'own' | 'shift'>,
  calibration: Calibration,
  product?: Product,
): Promise<Calibration> {
  if (!isCatalogs(encoder, calibration)) return withShift(calibration, shift);
  const bounds = { founder: calibration.founder, alike: linkDistance(calibration) };
  const pairs = await knownPairs(sightingsOf(library, own), bounds, product);
  const fit = selfCalibrate(calibration, distancesOf(encoder, openStore().folders), pairs);
  const text = JSON.stringify(fit);
  if (library.settings.get(keyOf(encoder)) !== text) library.settings.put(keyOf(encoder), text);
  return withShift(shifted(calibration, fit), shift);
}

function isCatalogs(encoder: EncoderKey, calibration: Calibration): boolean {
  return JSON.stringify(calibration) === JSON.stringify(calibrationFor(encoder, openStore().folders));
}

/** A calibration for a learned metric, under which impostors lie nearer by `shift`. */
function withShift(calibration: Calibration, shift: number): Calibration {
  return shifted(calibration, { shift, state: shift < 0 ? 'shifted' : 'noise' });
}

/** Distance up to which two good faces are linked. */
function linkDistance(by: Calibration): number {
  return distanceAt(0.5, 1, 1, { ...by, intercept: by.intercept - by.link });
}

/** The library's own calibration, as pages show it. */
export function calibrationCard(library: Library, encoder: EncoderKey): CalibrationCard {
  const [catalogs, own] = [calibrationOf(encoder), calibrationIn(library, encoder)];
  return {
    encoder: encoderOf(encoder).id,
    ...fitIn(library, encoder),
    threshold: linkDistance(own),
    oneIn: 1 + Math.exp(evidence(linkDistance(catalogs), 1, 1, own)),
  };
}

const Fit = CalibrationCard.omit({ encoder: true, threshold: true, oneIn: true });
const NO_FIT: SelfCalibration = {
  ...{ pairs: { photo: 0, burst: 0, hand: 0 }, independent: 0, shift: 0, error: 0, state: 'few' },
};

const keyOf = (encoder: EncoderKey) => `calibration ${encoder}`;

function fitIn(library: Library, encoder: EncoderKey): SelfCalibration {
  const text = library.settings.get(keyOf(encoder));
  if (text === null) return NO_FIT;
  try {
    return Fit.parse(JSON.parse(text));
  } catch {
    // The next grouping learns it again.
    return NO_FIT;
  }
}

function sightingsOf(library: Library, table: EmbeddingTable): Parameters<typeof knownPairs>[0] {
  const { faceIds, photoIds, qualities, vectors, size, days, several } = table;
  const named = new Map(
    library.labels.all().flatMap(({ face, person, by }) => (by === 'hand' ? [[face, person ?? 0]] : [])),
  );
  const boxOf = library.faces.boxReader();
  return {
    ...{ vectors, size, days, photo: photoIds, quality: qualities },
    person: faceIds.map((face) => named.get(face) ?? 0),
    boxOf: (row) => boxOf(faceIds[row]!)!,
    several: new Set<number>(several),
  };
}
