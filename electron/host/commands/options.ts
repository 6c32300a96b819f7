import { InvalidArgumentError, Option } from 'commander';
import { type ModelId, modelIds, modelNamed } from '../../../models/catalog.ts';
import { DetectorId, EncoderId } from '../../contract/ids.ts';

export const detectorOption = () =>
  new Option('--detector <id>', 'how faces are found')
    .choices(DetectorId.options)
    .default(DetectorId.enum.ssd);

export const encoderOption = () =>
  new Option('--encoder <id>', 'how faces are compared')
    .choices(EncoderId.options)
    .default(EncoderId.enum.dlib);

export const jsonOption = () =>
  new Option('--json', 'print one JSON document on standard output, nothing else');

/** What these options give. */
export interface Chosen {
  detector: DetectorId;
  encoder: EncoderId;
  json?: boolean;
}

/** Reads a model's id as an argument. */
export function modelId(name: string): ModelId {
  const id = modelNamed(name);
  if (id !== null) return id;
  throw new InvalidArgumentError(`Expected one of ${modelIds.join(', ')}.`);
}
