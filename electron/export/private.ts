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
 * Writes copies of photos, on which faces are hidden, into one folder. Nothing but the pictures, their names and how many
 * faces are hidden goes out: no path, no date and nobody's name. Repeating it replaces what it wrote before.
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
  const written: string[] = [];
  const failed: string[] = [];
  let hidden = 0;
  const ahead: Promise<{ jpeg: Uint8Array; hidden: number } | null>[] = [];
  try {
    await into.begin([]);
    for (const [at, photo] of photos.entries()) {
      while (ahead.length < photos.length && ahead.length < at + AHEAD)
        ahead.push(hide(photos[ahead.length]!));
      // Those after it are somebody's already where this one ends the export.
      void Promise.allSettled(ahead.slice(at));
      const copy = await ahead[at]!;
      if (signal?.aborted) break;
      ahead[at] = Promise.resolve(null);
      const [first = photo.hash] = photo.files;
      if (copy === null) failed.push(first);
      else {
        const file = book.take('', parse(first).name, '.jpg');
        await into.put(file, copy.jpeg, { hidden: copy.hidden });
        written.push(file);
        hidden += copy.hidden;
      }
      onWritten();
    }
    if (!signal?.aborted) await into.sweep(written);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  } finally {
    await Promise.allSettled(ahead);
  }
  await into.close(manifest);
  return { folder: into.root, files: written.length, failed, hidden, cancelled: signal?.aborted ?? false };
}
