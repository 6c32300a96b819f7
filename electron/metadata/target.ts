import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { MetadataPlace } from '../contract/metadata.ts';

/** Formats that names may be written into. Into all others, RAW among them, nothing is written: they get a sidecar. */
const WRITABLE = /\.(?:jpe?g|jpe|jfif|png|webp|tiff?|gif|avif|heic|heif|hif)$/i;

/** Whether names may be written into the photo itself. */
export function isWritable(photo: string): boolean {
  return WRITABLE.test(photo);
}

/** The names in a folder, read once for all its photos. */
export class FolderNames {
  readonly #folders = new Map<string, Promise<readonly string[]>>();

  of(folder: string): Promise<readonly string[]> {
    const known = this.#folders.get(folder) ?? readdir(folder).catch(() => []);
    this.#folders.set(folder, known);
    return known;
  }
}

/**
 * The sidecar of a photo: `photo.jpg.xmp` where that is there; else `photo.xmp`, where no other picture has that stem (of
 * `photo.dng` and `photo.jpg`, it would be the RAW's); else `photo.jpg.xmp`, which is then to be made.
 */
export async function sidecarOf(photo: string, names: FolderNames): Promise<string> {
  const [folder, file] = [dirname(photo), basename(photo)];
  const stem = file.slice(0, file.length - extname(file).length);
  const there = await names.of(folder);
  const find = (wanted: string) => there.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const full = find(`${file}.xmp`);
  if (full !== undefined) return join(folder, full);
  const short = find(`${stem}.xmp`);
  const others = there.filter(
    (name) =>
      name !== file && !/\.xmp$/i.test(name) && name.slice(0, name.length - extname(name).length) === stem,
  );
  return join(folder, short !== undefined && others.length === 0 ? short : `${file}.xmp`);
}

/** The file that is written for a photo. What a link leads to is written, never the link. */
export async function targetOf(photo: string, place: MetadataPlace, names: FolderNames): Promise<string> {
  return place === 'file' ? realpath(photo) : sidecarOf(photo, names);
}
