import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { KithError } from '../../contract/errors.ts';
import type { FolderId } from '../../library/files.ts';
import type { FileToRead } from '../../library/names-read.ts';
import type { Library } from '../../library/open.ts';
import { type Beside, BesideFolder } from '../../metadata/in/beside.ts';
import { readContacts } from '../../metadata/in/contacts.ts';
import { isEmpty } from '../../metadata/in/found.ts';
import { NameReader } from '../../metadata/in/reader.ts';
import { type ExifTool, startExifTool } from '../../metadata/tool.ts';

/** Raised when names are read from more, or differently: every file is then read again. */
const VERSION = 1;

/** Files that are read at once. Chosen by hand: twice as many as there are processes of ExifTool. */
const AT_ONCE = 4;

/** Files whose names are written to the record at once. Chosen by hand. */
const PIECE = 200;

export interface ReadOptions {
  library: Library;
  folder: { id: FolderId; path: string };
  signal: AbortSignal;
  /** Called with how many files are to be read, where there are any. What it gives is called after each of them. */
  onProgress?: ((total: number) => () => void) | undefined;
}

/**
 * Reads the names in the metadata of a folder's photos into the record. Only files are read that have changed since the last
 * time, or that have a changed file beside them.
 *
 * @returns how many files had to be read
 * @throws KithError cancelled (what was read stays), perl-missing
 */
export async function readNames({ library, folder, signal, onProgress }: ReadOptions): Promise<number> {
  const contacts = await readContacts(folder.path);
  const files = library.namesRead.files(folder.id);
  const changed = await changedOf(files, folder.path, contacts.stamp);
  let tool: ExifTool | null = null;
  const reader = new NameReader(() => {
    tool ??= startExifTool();
    return tool;
  }, contacts.names);
  const oneMore = changed.length > 0 ? onProgress?.(changed.length) : undefined;
  try {
    for (let from = 0; from < changed.length; from += PIECE) {
      const piece = changed.slice(from, from + PIECE);
      const rows: Parameters<Library['namesRead']['put']>[0][number][] = [];
      const one = async ({ file, beside, stamp }: Changed) => {
        if (signal.aborted) throw new KithError('cancelled', folder.path);
        const path = join(folder.path, file.path);
        const found = await reader.read(path, beside, file);
        // The disk may have been taken out meanwhile: what was read before stays, and the file is read the next time.
        if (await isThere(path))
          rows.push({ file: file.id, stamp, found: isEmpty(found) ? null : JSON.stringify(found) });
        oneMore?.();
      };
      try {
        await inParallel(piece, AT_ONCE, one);
      } finally {
        library.namesRead.put(rows);
      }
    }
    return changed.length;
  } finally {
    await (tool as ExifTool | null)?.end();
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

interface Changed {
  file: FileToRead;
  beside: Beside;
  stamp: string;
}

/** The files that are not as they were when names were last read from them. */
async function changedOf(files: readonly FileToRead[], root: string, contacts: string): Promise<Changed[]> {
  const changed: Changed[] = [];
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  for (const [folder, inside] of Map.groupBy(files, ({ path }) => folderOf(path))) {
    const listed = await BesideFolder.list(join(root, folder));
    // Its disk may not be connected: the names that were read there before stay, as the photos do.
    if (listed === null) continue;
    for (const file of inside) {
      const beside = listed.of(file.path.slice(folder.length));
      const { sidecars, takeout, picasa } = beside;
      const others = [...sidecars, takeout, picasa].map((one) => one?.stamp ?? '');
      const stamp = [VERSION, file.stamp, ...others, picasa === null ? '' : contacts].join('|');
      if (stamp !== file.read) changed.push({ file, beside, stamp });
    }
  }
  return changed;
}

/** Runs `work` for all items, so many at once. The first error ends it, once what runs has ended. */
async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lanes = Array.from({ length: width }, async () => {
    for (const item of waiting) await work(item);
  });
  const ended = await Promise.allSettled(lanes);
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
}
