import { InvalidArgumentError, Option } from 'commander';
import { encoderIds, type ModelId, modelIds, modelNamed } from '../../../models/catalog.ts';
import { DetectorId, type EncoderId } from '../../contract/ids.ts';
import { fromHere } from '../paths.ts';

export const detectorOption = () =>
  new Option('--detector <id>', 'how faces are found (default: see "kith models")').choices(
    DetectorId.options,
  );

export const encoderOption = () =>
  new Option('--encoder <id>', 'how faces are compared (default: see "kith models")').choices(encoderIds);

export const libraryOption = () =>
  new Option('--library <file>', 'where the record is kept (default: in your data folder)').argParser(
    fromHere,
  );

export const jsonOption = () =>
  new Option('--json', 'print one JSON document on standard output, nothing else');

/** The models that these options name; where they are left out, models/choice.ts decides. */
export interface Chosen {
  detector?: DetectorId;
  encoder?: EncoderId;
  json?: boolean;
}

/** Reads a model's id as an argument. */
export function modelId(name: string): ModelId {
  const id = modelNamed(name);
  if (id !== null) return id;
  throw new InvalidArgumentError(`Expected one of ${modelIds.join(', ')}.`);
}
