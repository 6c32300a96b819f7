import { parse } from 'node:path';
import type { Layout } from './claim.ts';
import { ExportFolder, type Rows } from './folder.ts';
import { NameBook } from './names.ts';

/** A photo of which a copy with hidden faces is written. */
export interface HiddenPhoto {
  /** Files that hold it. */
  files: readonly string[];
  /** SHA-256 of its bytes, hex. */
  hash: string;
}

const MANIFEST = 'manifest.json';

/** How an export of such copies looks. `former` is empty: every one has an account. */
export const PRIVATE: Layout = {
  kind: 'private',
  manifest: MANIFEST,
  own: /^[^./\\][^/\\]*\.jpg$/,
  former: () => [],
};

/** What became of it. */
export interface WrittenPrivate {
  /** Real path of the folder. */
  folder: string;
  files: number;
  /** The first file of each photo that could not be had. */
  failed: string[];
  hidden: number;
  cancelled: boolean;
}

/** Copies that are made ahead, side by side. Chosen by hand: each is some megabytes. */
const AHEAD = 8;

/**
 * Writes copies of photos, on which faces are hidden, into one folder. Only the pictures, the names of their files and the
 * number of hidden faces are written: no path, no date and no person's name. The copies of an earlier run are deleted first:
 * other people may be recognisable on them, and this run may be cancelled or killed.
 *
 * @param hide makes the copy, JPEG; null where the photo can't be had, or the export was ended
 * @param onWritten called after each photo
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request` for a relative path
 */
export async function writePrivate<Photo extends HiddenPhoto>(
  folder: string,
  photos: readonly Photo[],
  hide: (photo: Photo) => Promise<{ jpeg: Uint8Array; hidden: number } | null>,
  { signal, onWritten = () => {} }: { signal?: AbortSignal; onWritten?: () => void } = {},
): Promise<WrittenPrivate> {
  const into = await ExportFolder.open(folder, PRIVATE);
  const manifest = (rows: Rows) =>
    `${JSON.stringify({ writtenBy: 'kith', version: 1, photos: rows }, null, 2)}\n`;
  const book = new NameBook([...into.foreign, MANIFEST]);
  let files = 0;
  const failed: string[] = [];
  let hidden = 0;
  const ahead: Promise<{ jpeg: Uint8Array; hidden: number } | null>[] = [];
  try {
    await into.begin([]);
    await into.sweep([]);
    for (const [at, photo] of photos.entries()) {
      while (ahead.length < photos.length && ahead.length < at + AHEAD)
        ahead.push(hide(photos[ahead.length]!));
      // A later copy may fail before its turn; its rejection counts as handled from here on.
      void Promise.allSettled(ahead.slice(at));
      const copy = await ahead[at]!;
      if (signal?.aborted) break;
      ahead[at] = Promise.resolve(null);
      const [first = photo.hash] = photo.files;
      if (copy === null) failed.push(first);
      else {
        const file = book.take('', parse(first).name, '.jpg');
        await into.put(file, copy.jpeg, { hidden: copy.hidden });
        files += 1;
        hidden += copy.hidden;
      }
      onWritten();
    }
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  } finally {
    await Promise.allSettled(ahead);
  }
  await into.close(manifest);
  return { folder: into.root, files, failed, hidden, cancelled: signal?.aborted ?? false };
}
