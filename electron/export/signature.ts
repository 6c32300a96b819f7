import { lstat, readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { KithError } from '../contract/errors.ts';
import { unwritable } from './files.ts';

/** Stands in the EXIF `Software` of every picture drawn here: such a file is Kith's own and may be replaced. */
const SIGNATURE = 'Drawn by Kith';

/** Marks a picture as Kith's own. */
export function signed(picture: Sharp): Sharp {
  return picture.withExif({ IFD0: { Software: SIGNATURE } });
}

/** Whose a file is. @throws KithError `output-unwritable` where the path can't be a file */
export async function owner(path: string): Promise<'nobody' | 'kith' | 'somebody'> {
  try {
    // A link is somebody's, wherever it leads; and a pipe would never end.
    if (!(await lstat(path)).isFile()) return 'somebody';
    const { exif } = await sharp(await readFile(path)).metadata();
    return exif?.includes(SIGNATURE) ? 'kith' : 'somebody';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return 'nobody';
    // Part of the path is a file, or can't be entered.
    if (code === 'ENOTDIR' || code === 'EACCES') throw unwritable(path, error);
    return 'somebody';
  }
}

/** @throws KithError `output-unwritable` where a file of somebody else's lies in this place */
export async function requireOwn(path: string): Promise<void> {
  if ((await owner(path)) === 'somebody') {
    throw new KithError('output-unwritable', `${path} (it exists, and Kith did not draw it)`);
  }
}
