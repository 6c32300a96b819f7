import { removeWithCompanions } from '../library/copy-files.ts';
import { inspectCopy } from '../library/inspect.ts';
import { keptCopies } from '../library/kept-copies.ts';
import { prepareRestore, swapIn } from '../library/restore.ts';

export { salvage } from '../library/salvage.ts';

/** The newest copy that is whole, of a library that can't be opened; null where there is none. Reads all of it. */
export function newestSound(library: string): string | null {
  for (const { path } of keptCopies(library)) {
    try {
      inspectCopy(path, library);
      return path;
    } catch {
      // This copy is damaged: the one before it is tried.
    }
  }
  return null;
}

/**
 * Puts a copy in the place of a library that can't be opened. The caller sees to it that no other process does the same.
 *
 * @returns the path under which the damaged one is kept
 * @throws KithError as {@link prepareRestore} and {@link swapIn} do
 */
export function restoreOverDamaged(copy: string, library: string): string | null {
  const { part } = prepareRestore(copy, library);
  try {
    return swapIn({ part }, library, { isDamaged: true });
  } finally {
    removeWithCompanions(part);
  }
}
