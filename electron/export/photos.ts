import { extname, parse } from 'node:path';
import type { Layout } from './claim.ts';
import { ExportFolder } from './folder.ts';
import { NameBook } from './names.ts';

/** A photo to be handed out. */
export interface FoundPhotoFile {
  /** Files that hold it. */
  files: readonly string[];
  /** SHA-256 of its bytes, hex. */
  hash: string;
  takenAt: string | null;
  /** Names of the people on it, from left to right. */
  people: readonly string[];
}

/** `names`: only the list of who is on which photo. */
export type HowPhotos = 'copy' | 'link' | 'names';

const MANIFEST = 'manifest.json';
const NAMES = 'names.csv';

/** How an export of photos looks: no version of Kith wrote one without an account. */
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
 * Repeating it replaces what it wrote before and nothing else.
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
  const book = new NameBook([...into.foreign, MANIFEST, NAMES]);
  const lines: string[] = [csvOf(['file', 'photo', 'taken', 'people'])];
  const written: string[] = [];
  const failed: string[] = [];
  let isCancelled = false;
  try {
    await into.begin([]);
    for (const photo of photos) {
      isCancelled = signal?.aborted ?? false;
      if (isCancelled) break;
      const [first = photo.hash] = photo.files;
      const file = how === 'names' ? '' : book.take('', parse(first).name, extname(first).toLowerCase());
      const source = how === 'names' ? first : await put(photo, file);
      if (source === null) failed.push(first);
      else {
        if (file !== '') written.push(file);
        lines.push(csvOf([file, source, photo.takenAt ?? '', photo.people.join('; ')]));
      }
      onWritten();
    }
    // With a mark that tells spreadsheets that it is UTF-8.
    await into.put(NAMES, `\ufeff${lines.join('')}`, {});
    if (!isCancelled) await into.sweep([...written, NAMES]);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  }
  await into.close(manifest);
  return { folder: into.root, files: lines.length - 1, failed, cancelled: isCancelled };

  /** @returns the file that was taken; null where none could be had */
  async function put({ files, hash, takenAt, people }: FoundPhotoFile, file: string): Promise<string | null> {
    for (const path of files) {
      const about = { photo: path, taken: takenAt, people };
      if (await into.putFile(file, { path, sha256: hash, isLinked: how === 'link' }, about)) return path;
    }
    return null;
  }
}

/** One line of comma-separated values (RFC 4180). A spreadsheet takes no name for a formula. */
function csvOf(values: readonly string[]): string {
  const cells = values.map((value) => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\r\n`;
}
