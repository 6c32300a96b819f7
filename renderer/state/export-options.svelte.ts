import type { Params } from '../../electron/contract/api.ts';
import { USUAL_PATTERN } from '../../electron/contract/crop-pattern.ts';
import type { CropFormat, CropPreset } from '../../electron/contract/crops.ts';

/** How faces are written. */
export class ExportOptions {
  preset = $state<CropPreset>('padded');
  size = $state(512);
  padding = $state(0.25);
  format = $state<CropFormat>('jpg');
  pattern = $state(USUAL_PATTERN);
  minSize = $state(0);
  minQuality = $state(0);
  sheets = $state(false);
  /** Only what the user confirmed. */
  confirmed = $state(false);

  /** What a request takes of it. */
  get params(): Omit<Params<'export.crops'>, 'folder'> {
    const { preset, size, padding, format, pattern, minSize, minQuality, sheets, confirmed } = this;
    return { preset, size, padding, format, pattern, minSize, minQuality, sheets, sure: !confirmed };
  }
}
