import sharp from 'sharp';
import type { CropFormat } from '../contract/crops.ts';
import type { Crop } from './crops.ts';

/** A small picture of the record, which is a JPEG, in the format of an export; one that can't be read stays as it is. */
export async function inFormat(jpeg: Uint8Array, format: CropFormat): Promise<Crop> {
  try {
    const image = sharp(jpeg);
    const { data, info } = await (format === 'jpg' ? image : image.toFormat(format)).toBuffer({
      resolveWithObject: true,
    });
    const bytes = format === 'jpg' ? jpeg : new Uint8Array(data);
    return { bytes, picture: [info.width, info.height] };
  } catch {
    return { bytes: jpeg };
  }
}
