import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The hidden folder in which Kith keeps account of what it exported. */
export const MARKER = '.kith-export';

/** How the list of files begins that an export leaves. */
const WRITTEN_BY_KITH = /^\{\s*"writtenBy":\s*"kith"/;

/** Reads; never through a link, and never waits for the other end of a pipe. Windows knows neither flag. */
export const READ_PLAINLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
