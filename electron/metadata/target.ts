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
 *
 * @param former the sidecar into which Kith has written. Where it is still there it stays the photo's, whatever came into
 * the folder since: what stands in it could not be taken back otherwise
 */
export async function sidecarOf(
  photo: string,
  names: FolderNames,
  former: string | null = null,
): Promise<string> {
  const [folder, file] = [dirname(photo), basename(photo)];
  const [there, stem] = [await names.of(folder), stemOf(file)];
  // FAT and Windows do not tell case apart, and programs write either; but of IMG.JPG and img.jpg each has its own.
  const find = (wanted: string) =>
    there.find((name) => name === wanted) ??
    there.find((name) => isSameName(name, wanted) && !there.includes(name.slice(0, -'.xmp'.length)));
  const [full, short] = [find(`${file}.xmp`), find(`${stem}.xmp`)];
  const kept = former === null ? undefined : [full, short].find((name) => name === basename(former));
  const others = there.filter(
    (name) => name !== file && !/\.xmp$|_original$/i.test(name) && isSameName(stemOf(name), stem),
  );
  return join(folder, kept ?? full ?? (others.length === 0 ? short : undefined) ?? `${file}.xmp`);
}

function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * The file that is written for a photo. What a link leads to is written, never the link.
 *
 * @param former see {@link sidecarOf}
 */
export async function targetOf(
  photo: string,
  place: MetadataPlace,
  names: FolderNames,
  former: string | null,
): Promise<string> {
  const target = place === 'file' ? photo : await sidecarOf(photo, names, former);
  // There is nothing behind a link that leads nowhere, and behind the name of a sidecar that is to be made.
  return await realpath(target).catch(() => target);
}
