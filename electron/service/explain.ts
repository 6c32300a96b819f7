import { basename, extname } from 'node:path';
import { KithError } from '../contract/errors.ts';
import { drawComparison } from '../export/comparison.ts';
import { writeWhole } from '../export/files.ts';
import { requireOwn, signed } from '../export/signature.ts';
import type { ShownComparison } from './compare.ts';

/**
 * Finds out before the comparison whether its picture can be written afterwards.
 * @throws KithError `bad-request` for a name that does not end in .png; `output-unwritable` where a file that Kith did not
 *   write has that name
 */
export async function checkExplanation(target: string): Promise<void> {
  if (extname(target).toLowerCase() !== '.png') {
    throw new KithError('bad-request', `Expected a name ending in .png but received ${target}`);
  }
  await requireOwn(target);
}

/**
 * Writes a comparison as a picture: both faces as the encoder saw them, and their distance on its scale.
 * @throws KithError `bad-request`, `output-unwritable`, `disk-full`
 */
export async function explainComparison(
  photos: readonly [string, string],
  { chips, distances, ...result }: ShownComparison,
  target: string,
): Promise<void> {
  await checkExplanation(target);
  const faces = [
    { name: basename(photos[0]), chip: chips[0] },
    { name: basename(photos[1]), chip: chips[1] },
  ] as const;
  const picture = await drawComparison(faces, result, distances);
  await writeWhole(target, await signed(picture).png().toBuffer());
}
