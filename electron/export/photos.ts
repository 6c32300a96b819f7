import { extname, parse } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Layout } from './claim.ts';
import { csvOf, UTF8_MARK } from './csv.ts';
import { ExportFolder } from './folder.ts';
import { NameBook } from './names.ts';

/** A photo to be handed out. */
export interface FoundPhotoFile {
  /** Files that hold it. */
  files: readonly string[];
  /** SHA-256 of its bytes, hex. */
  hash: string;
  takenAt: string | null;
  /** Names of the people on it, from left to right, then those of people without a face. */
  people: readonly string[];
}

/** `names`: only the list of who is on which photo. */
export type HowPhotos = 'copy' | 'link' | 'names';

const MANIFEST = 'manifest.json';
const NAMES = 'names.csv';

/** Photos that are named or listed before others get their turn; that takes some milliseconds. */
const AT_ONCE = 500;

/** How an export of photos looks. `former` is empty: every export of photos has an account. */
export const PHOTOS: Layout = {
  kind: 'photos',
  manifest: MANIFEST,
  own: /^[^./\\][^/\\]*$/,
  former: () => [],
};

/** What became of an export of photos. */
export interface WrittenPhotos {
  /** Real path of the folder. */
  folder: string;
  /** Photos that were written; of a list, those that are in it. */
  files: number;
  /** The first file of each photo that could not be had: it is gone, or holds another photo by now. */
  failed: string[];
  cancelled: boolean;
}

/**
 * Writes photos under their own names into one folder, with `names.csv`, which says who is on each, and `manifest.json`.
 * Repeating it replaces what it wrote before and nothing else. A copy that an earlier run made of a photo stays, also where
 * the photo can't be had now.
 *
 * @param onWritten called after each photo
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request` for a relative path
 */
export async function writePhotos(
  folder: string,
  photos: readonly FoundPhotoFile[],
  how: HowPhotos,
  { signal, onWritten = () => {} }: { signal?: AbortSignal; onWritten?: () => void } = {},
): Promise<WrittenPhotos> {
  const into = await ExportFolder.open(folder, PHOTOS);
  const manifest = (rows: { file: string }[]) =>
    `${JSON.stringify({ writtenBy: 'kith', version: 1, photos: rows.filter(({ file }) => file !== NAMES) }, null, 2)}\n`;
  const former = how === 'names' ? new Map<string, string>() : into.former();
  const lines: string[] = [csvOf(['file', 'photo', 'taken', 'people'])];
  const written: string[] = [];
  const failed: string[] = [];
  const names = new Set<string>();
  let isCancelled = false;
  try {
    const files = how === 'names' ? [] : await nameFiles(photos, former, [...into.foreign, MANIFEST, NAMES]);
    for (const file of files) names.add(file);
    await into.begin([]);
    for (const [at, photo] of photos.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await turn();
      isCancelled = signal?.aborted ?? false;
      if (isCancelled) break;
      const [first = photo.hash] = photo.files;
      const [file, source] = how === 'names' ? ['', first] : await put(photo, files[at]!);
      if (source === null) failed.push(first);
      else {
        if (file !== '') written.push(file);
        lines.push(csvOf([file, source, photo.takenAt ?? '', photo.people.join('; ')]));
      }
      onWritten();
    }
    await into.put(NAMES, `${UTF8_MARK}${lines.join('')}`, {});
    if (!isCancelled) await into.sweep([...written, NAMES]);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  }
  await into.close(manifest);
  return { folder: into.root, files: lines.length - 1, failed, cancelled: isCancelled };

  /** @returns the file that is there for the photo now, and the one that was taken for it; null where none could be had */
  async function put(
    { files, hash, takenAt, people }: FoundPhotoFile,
    file: string,
  ): Promise<[file: string, source: string | null]> {
    for (const path of files) {
      const about = { photo: path, taken: takenAt, people };
      if (await into.putFile(file, { path, sha256: hash, isLinked: how === 'link' }, about))
        return [file, path];
    }
    const kept = former.get(hash);
    const isKept = kept !== undefined && !names.has(kept);
    return isKept ? [kept, files[0] ?? hash] : [file, null];
  }
}

/**
 * Names the file of each photo. One that an earlier run wrote keeps its number, so that no other photo takes the place of a
 * copy that could not be made again now.
 *
 * @param former files by the hash of their bytes
 */
async function nameFiles(
  photos: readonly FoundPhotoFile[],
  former: ReadonlyMap<string, string>,
  taken: readonly string[],
): Promise<string[]> {
  const book = new NameBook(taken);
  const asked = photos.map(({ files: [first], hash }) => {
    const name = first ?? hash;
    return { file: former.get(hash), stem: parse(name).name, end: extname(name).toLowerCase() };
  });
  const kept = asked.map(({ file, stem, end }) => (file && book.keep(file, stem, end) ? file : null));
  const names: string[] = [];
  for (const [at, { stem, end }] of asked.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await turn();
    names.push(kept[at] ?? book.take('', stem, end));
  }
  return names;
}
