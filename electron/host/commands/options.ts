import { Option } from 'commander';
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
