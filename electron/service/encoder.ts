import { calibrationFor } from '../../models/calibration.ts';
import { titleOf } from '../../models/catalog.ts';
import { openStore } from '../../models/store.ts';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import { type EncoderKey, encoderOf } from '../contract/ids.ts';

/**
 * What an encoder's distances mean, for work that can't do without a calibration.
 *
 * @param folders where models are looked up, and beside them the calibrations of weights that the user brought
 * @throws KithError encoder-unmeasured for an encoder that is not calibrated; the sentence says how to get there
 */
export function calibrationOf(key: EncoderKey, folders = openStore().folders): Calibration {
  const calibration = calibrationFor(key, folders);
  if (calibration !== null) return calibration;
  const { id } = encoderOf(key);
  throw new KithError(
    'encoder-unmeasured',
    `Nobody has measured yet what the distances of these weights mean (${titleOf(id)}), so Kith compares photos by them but groups and names nobody; measure it on photos of known people with "npm run eval -- calibrate ssd/${id}" (CONTRIBUTING.md says how), or choose another encoder with "kith models use"`,
  );
}
