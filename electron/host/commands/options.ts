import { InvalidArgumentError, Option } from 'commander';
import { encoderIds, type ModelId, modelIds, modelNamed } from '../../../models/catalog.ts';
import { DetectorId, EncoderId } from '../../contract/ids.ts';
import { ProviderChoice } from '../../contract/vision.ts';
import { fromHere } from '../paths.ts';

export const detectorOption = () =>
  new Option('--detector <id>', 'how faces are found (default: see "kith models")').choices(
    DetectorId.options,
  );

export const encoderOption = () =>
  new Option(
    '--encoder <id>',
    `how faces are compared: ${encoderIds.join(', ')}, or two that you joined (default: see "kith models")`,
  ).argParser((name) => {
    const { success, data } = EncoderId.safeParse(name);
    if (success) return data;
    throw new InvalidArgumentError(`Expected one of ${encoderIds.join(', ')}, or two that you joined.`);
  });

export const providerOption = () =>
  new Option(
    '--provider <id>',
    'what computes: the processor (cpu), or a graphics card by one of the others (default: see "kith models use")',
  ).choices(ProviderChoice.options);

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
  provider?: ProviderChoice;
  json?: boolean;
}

/** Reads a model's id as an argument. */
export function modelId(name: string): ModelId {
  const id = modelNamed(name);
  if (id !== null) return id;
  throw new InvalidArgumentError(`Expected one of ${modelIds.join(', ')}.`);
}
