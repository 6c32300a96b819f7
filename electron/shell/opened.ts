import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * The folder that a start of Kith is about, as the person who stands in `standing` meant it; null where none was named.
 * @param argv the command line. In development its first word is the app's own folder.
 */
export function folderOf(argv: readonly string[], standing: string, isPackaged: boolean): string | null {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  const folder = words[isPackaged ? 0 : 1];
  return folder === undefined ? null : folderAt(resolve(standing, folder));
}

/** What is dropped on the icon may be a photo: then it is the folder that the photo is in. */
export function folderAt(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
}
