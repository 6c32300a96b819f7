import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Erased } from '../contract/copies.ts';
import { KithError } from '../contract/errors.ts';
import { failureAt } from './copy-errors.ts';
import { COMPANIONS, codeOf, exists, namesIn, partOf, sizeOf, syncFolder } from './copy-files.ts';
import { copiesFolder, formerLeftovers } from './kept-copies.ts';

/**
 * Erases a library that no process has open, and everything that Kith keeps beside it. First the library is renamed, in one
 * step. If that fails, nothing has changed; if this process is killed later, {@link settle} erases the rest.
 *
 * @throws KithError library-busy where a part of the library still lies in its write-ahead log; library-unwritable.
 *   Nothing was erased then
 */
export function eraseLibrary(library: string): Omit<Erased, 'elsewhere'> {
  if (sizeOf(`${library}-wal`) > 0) throw new KithError('library-busy', library);
  const going = partOf(library, 'erasing');
  const isThere = exists(library);
  try {
    if (isThere) renameSync(library, going);
  } catch (error) {
    throw failureAt(library, error, 'library-unwritable');
  }
  syncFolder(dirname(library));
  const { erased, left } = eraseRest(library, isThere ? going : null);
  return {
    erased: isThere && !left.some(({ path }) => path === going) ? [library, ...erased] : erased,
    left,
  };
}

/** Erases what is left once the library was renamed. @param going the name that it has now */
export function eraseRest(library: string, going: string | null): Omit<Erased, 'elsewhere'> {
  const erased: string[] = [];
  const left: Erased['left'] = [];
  const erase = (path: string, isTold = true) => {
    if (!exists(path)) return;
    try {
      rmSync(path, { recursive: true });
      if (isTold) erased.push(path);
    } catch (error) {
      left.push({ path, reason: codeOf(error) || String(error) });
    }
  };
  const folder = copiesFolder(library);
  // One by one, so that the result lists each.
  for (const name of namesIn(folder)) erase(join(folder, name));
  erase(folder, false);
  for (const path of [...formerLeftovers(library), ...partsOf(library)]) if (path !== going) erase(path);
  for (const end of COMPANIONS) erase(`${library}${end}`, false);
  // The last: while it is there, `settle` knows that there is something to be erased.
  if (going !== null) erase(going, false);
  syncFolder(dirname(library));
  return { erased, left };
}

/** The files that are, or were, being written beside the library. */
function partsOf(library: string): string[] {
  const begin = `${basename(library)}.`;
  return namesIn(dirname(library))
    .filter(
      (name) =>
        name.startsWith(begin) &&
        /^(part|restoring|inspecting|former|erasing)-\d+-[0-9a-f]{12}(-wal|-shm|-journal)?$/.test(
          name.slice(begin.length),
        ),
    )
    .map((name) => join(dirname(library), name));
}
