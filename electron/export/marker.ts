import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The hidden folder in which Kith keeps account of what it exported. A scan passes over a folder that has one, so that
 * exported faces are never taken for photos.
 */
export const MARKER = '.kith-export';

/** Lists of what an export wrote, by which exports of earlier versions are known. */
const MANIFESTS = ['manifest.json', 'report.json'];

/** How such a list begins. */
const WRITTEN_BY_KITH = /^\{\s*"writtenBy":\s*"kith"/;

/** Reads; never through a link, and never waits for the other end of a pipe. Windows knows neither flag. */
export const READ_PLAINLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Whether Kith exported to this folder. @param names what lies in it, where that is known */
export async function isExport(folder: string, names?: readonly string[]): Promise<boolean> {
  const mayHold = (name: string) => names === undefined || names.includes(name);
  if (mayHold(MARKER) && (await lstat(join(folder, MARKER)).catch(() => null))?.isDirectory()) return true;
  for (const name of MANIFESTS) {
    if (mayHold(name) && (await isWrittenByKith(join(folder, name)))) return true;
  }
  return false;
}

/** Whether a list of files is one that Kith wrote, by its beginning. */
export async function isWrittenByKith(path: string): Promise<boolean> {
  const handle = await open(path, READ_PLAINLY).catch(() => null);
  if (handle === null) return false;
  try {
    if (!(await handle.stat()).isFile()) return false;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return WRITTEN_BY_KITH.test(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
