import { catalog } from '../../models/catalog.ts';
import { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderId } from '../contract/ids.ts';

/** Stands in until the catalog has a fitted calibration: even odds at dlib's own threshold of about 0.6. */
const PROVISIONAL: Calibration = { intercept: 17, slope: -30, doubt: 0, link: 0, founder: 0.1 };

/**
 * What an encoder's distances mean, as the catalog says.
 *
 * @throws KithError model-missing for an encoder that this Kith can't run
 */
export function calibrationOf(id: EncoderId): Calibration {
  const model = (catalog as Partial<Record<string, { task: string; calibration?: unknown }>>)[id];
  if (model?.task !== 'encoder') {
    throw new KithError('model-missing', `The encoder ${id} is not among the models that Kith knows`);
  }
  return model.calibration === undefined ? PROVISIONAL : Calibration.parse(model.calibration);
}
