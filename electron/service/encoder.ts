import { catalog, type Model } from '../../models/catalog.ts';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderId } from '../contract/ids.ts';

/**
 * What an encoder's distances mean, as the catalog says.
 *
 * @throws KithError model-missing for an encoder that this Kith can't run
 */
export function calibrationOf(id: EncoderId): Calibration {
  const model = Object.entries<Model>(catalog).find(([name]) => name === id)?.[1];
  if (model?.task !== 'encoder' || model.calibration === undefined) {
    throw new KithError('model-missing', `The encoder ${id} is not among the models that Kith can use`);
  }
  return model.calibration;
}
