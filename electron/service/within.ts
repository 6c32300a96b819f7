import { relative, resolve, sep } from 'node:path';
import { KithError } from '../contract/errors.ts';
import { realPlace } from '../export/place.ts';

/** Whether a path is a folder or lies in it; both as they really are, without links. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way);
}

/** @throws KithError `output-among-photos` for a place that, as it really is, lies inside one of these folders */
export async function requireOutside(folders: readonly string[], output: string): Promise<void> {
  const real = await realPlace(output);
  for (const folder of folders) {
    if (!isWithin(await realPlace(folder), real)) continue;
    throw new KithError('output-among-photos', output);
  }
}
