import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How long what is left of a download stays, in milliseconds, so that the next one goes on from there. */
const KEPT_DOWNLOAD = 7 * 24 * 3_600_000;

/** An import writes its draft within seconds; what is a day old is nobody's, whoever has its number now. */
const KEPT_DRAFT = 24 * 3_600_000;

/** Where a file is written before it gets its name. It tells whose it is: whether that process still runs. */
export const draftOf = (path: string) => `${path}.${process.pid}-${randomUUID()}.part`;

/** Process, where it tells one (older versions of Kith did not), and a random number. */
const DRAFT = /\.(?:(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/**
 * Removes what processes that were killed have left in a folder of models: drafts of imports whose process is gone, and
 * downloads that nobody went on with for a week. What cannot be removed stays. Never throws.
 *
 * @param folder of models, with its `downloads`; may be missing
 */
export async function sweepParts(folder: string, now = Date.now()): Promise<void> {
  for (const each of [folder, join(folder, 'downloads')]) {
    for (const name of await readdir(each).catch(() => [])) {
      if (!name.endsWith('.part')) continue;
      const path = join(each, name);
      const found = await stat(path).catch(() => null);
      if (!found?.isFile() || !isLeft(name, now - found.mtimeMs)) continue;
      for (const left of [path, `${path}.json`]) await rm(left, { force: true }).catch(() => {});
    }
  }
}

/** @param age milliseconds since it was last written to */
function isLeft(name: string, age: number): boolean {
  const draft = DRAFT.exec(name);
  if (!draft) return age > KEPT_DOWNLOAD;
  const [, pid] = draft;
  return age > KEPT_DRAFT || (pid !== undefined && !isRunning(Number(pid)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
