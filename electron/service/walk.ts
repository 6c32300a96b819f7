import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { PassedOver } from '../contract/results.ts';
import { isExport } from '../export/marker.ts';
import { isWithin } from './within.ts';

/** A file that may be a photo, by its name. */
export interface WalkedFile {
  /** Relative to the folder, `/` between its parts. */
  path: string;
  /** Bytes. */
  size: number;
  /** Time of the last change, nanoseconds since 1970. */
  mtimeNs: bigint;
}

const PHOTO = /\.(?:jpe?g|jpe|jfif|png|webp|tiff?|gif|avif|heic|heif|hif)$/i;

/** Whether a file may be a photo, by its name. */
export function isPhotoName(name: string): boolean {
  return PHOTO.test(name) && !name.startsWith('.');
}

/** Thumbnails, bins and system folders that are not marked by a dot: Synology, Windows, Linux. */
const SYSTEM = new Set([
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'recycler',
  'system volume information',
  'lost+found',
]);

/** For how many files the size is read at once. Chosen by hand. */
const STATS_AT_ONCE = 256;

/**
 * The real, absolute path of a folder that can be listed.
 *
 * @throws KithError folder-missing, folder-is-a-file, folder-unreadable
 */
export async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if (!(await stat(real)).isDirectory()) throw new KithError('folder-is-a-file', folder);
    await readdir(real);
    return real;
  } catch (error) {
    if (error instanceof KithError) throw error;
    // ENOTDIR: a part of the path is a file, so there is no such folder.
    const missing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    throw new KithError(missing ? 'folder-missing' : 'folder-unreadable', folder, { cause: error });
  }
}

/**
 * Finds the files of a folder that may be photos. The order is the same on each run: by name (by UTF-16 unit),
 * and folders behind links come last. Hidden, trash and system folders are skipped. Each real folder is walked once, even
 * where several links lead to it. A link to a folder above is never followed: the user did not choose that folder. Exports
 * of Kith are passed over, so that no exported face is taken for a photo: the root itself, a folder of an export, or a
 * folder anywhere below.
 *
 * @param root real path, as {@link realFolder} gives it; hidden itself or not, it is walked
 * @param onPassedOver called for subfolders and links that can't be entered, and for exports
 */
export async function* walk(
  root: string,
  onPassedOver: (where: PassedOver) => void = () => {},
): AsyncGenerator<WalkedFile> {
  const visited = new Set<string>();
  const links: { path: string; from: string }[] = [];
  yield* walkFrom(root, root);
  for (let link = links.shift(); link !== undefined; link = links.shift()) {
    const { path, from } = link;
    const real = await realpath(path).catch((error: unknown) => passOver(path, error));
    if (real === undefined || isWithin(real, root) || isWithin(real, from)) continue;
    yield* walkFrom(path, real);
  }

  /** Begins in the root or behind a link. The folder above it was not walked, and may be an export. */
  async function* walkFrom(shown: string, real: string): AsyncGenerator<WalkedFile> {
    const above = dirname(real);
    if (above !== real && (await isExport(above))) passOverExport(shown);
    else yield* walkReal(shown, real);
  }

  /** `shown`: the path by which the walk reached the folder; `real`: the same without links. */
  async function* walkReal(shown: string, real: string): AsyncGenerator<WalkedFile> {
    if (visited.has(real)) return;
    visited.add(real);
    const entries = await readdir(shown, { withFileTypes: true }).catch((error: unknown) =>
      passOver(shown, error),
    );
    if (!entries) return;
    const names = entries.map(({ name }) => name);
    if (await isExport(shown, names)) return passOverExport(shown);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const found = entries.filter((entry) => !isSkipped(entry.name) && mayMatter(entry));
    for (let at = 0; at < found.length; at += STATS_AT_ONCE) {
      const batch = found.slice(at, at + STATS_AT_ONCE);
      const stats = await Promise.all(batch.map((entry) => statOf(entry, join(shown, entry.name))));
      for (const [i, entry] of batch.entries()) {
        const path = join(shown, entry.name);
        const seen = stats[i];
        if (entry.isDirectory()) yield* walkReal(path, join(real, entry.name));
        else if (seen?.isDirectory()) links.push({ path, from: real });
        else if (seen?.isFile() && PHOTO.test(entry.name)) {
          yield { path: toShown(path), size: Number(seen.size), mtimeNs: seen.mtimeNs };
        }
      }
    }
  }

  async function statOf(entry: Dirent, path: string): Promise<BigIntStats | undefined> {
    if (entry.isDirectory()) return undefined;
    try {
      return await stat(path, { bigint: true });
    } catch (error) {
      // A file that was removed since the folder was listed is not reported. Reported are a photo's link that leads
      // nowhere, and a name whose bytes are no UTF-8, by which Node can't open the file.
      const isNotable = entry.isSymbolicLink() || entry.name.includes('\uFFFD');
      return isNotable && PHOTO.test(entry.name) ? passOver(path, error) : undefined;
    }
  }

  function passOver(path: string, error: unknown): undefined {
    const code = codeOf(error);
    const reason =
      code === 'EACCES' || code === 'EPERM' ? 'no-permission' : code === 'ENOENT' ? 'vanished' : 'unreadable';
    onPassedOver({ path: toShown(path), reason });
  }

  function passOverExport(path: string): void {
    onPassedOver({ path: toShown(path), reason: 'export' });
  }

  function toShown(path: string): string {
    return relative(root, path).split(sep).join('/');
  }
}

/** Folders, links (to either), and files that are named like photos. */
function mayMatter(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink() || (entry.isFile() && PHOTO.test(entry.name));
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || SYSTEM.has(name.toLowerCase());
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
