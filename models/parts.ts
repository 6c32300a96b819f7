import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How long a cut-off download is kept, in milliseconds, so that the next one goes on from it. Chosen by hand. */
const KEPT_DOWNLOAD = 7 * 24 * 3_600_000;

/**
 * How long a draft is kept, in milliseconds. An import writes one within seconds. A draft that is a day old is abandoned,
 * also where another process has its writer's id by now. Chosen by hand.
 */
const KEPT_DRAFT = 24 * 3_600_000;

/** The name under which a file is written before it gets its own. It holds the writer's process id. */
export const draftOf = (path: string) => `${path}.${process.pid}-${randomUUID()}.part`;

/** Process, where it tells one (older versions of Kith did not), and a random number. */
const DRAFT = /\.(?:(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/**
 * Removes what processes that were killed have left in a folder of models: drafts of imports whose process is gone, and
 * downloads that were not continued for a week. What cannot be removed stays. Never throws.
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
    // The process runs, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
