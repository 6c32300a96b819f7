import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { passedOver } from '../log/log.ts';
import { deadParts, freeName, isSameFile, publish, removeWithCompanions } from './copy-files.ts';
import { eraseRest } from './erase.ts';
import { copiesFolder } from './kept-copies.ts';

/** Something that was found unfinished, and what was done about it. */
export interface Settled {
  kind: 'restore-finished' | 'restore-taken-back' | 'erase-finished' | 'leftover-removed';
  path: string;
}

/**
 * Ends what a killed process left unfinished: a restore is finished or reverted, an erasure is finished, half copies are
 * removed. To be called by a process that is about to open the library, while no other process has it open. What can't be
 * settled now stays for the next time.
 */
export function settle(library: string): Settled[] {
  const done: Settled[] = [];
  const attempt = (kind: Settled['kind'], path: string, work: () => void) => {
    try {
      work();
      done.push({ kind, path });
    } catch (error) {
      passedOver('settling')(error);
      // The library can be opened all the same.
    }
  };
  const beside = deadParts(dirname(library)).filter(({ of }) => of === library);
  for (const { path, kind } of beside) {
    if (kind === 'erasing') attempt('erase-finished', path, () => eraseRest(library, path));
  }
  for (const { path, kind, of } of deadParts(copiesFolder(library))) {
    if (kind !== 'former') attempt('leftover-removed', path, () => removeWithCompanions(path));
    // It still is the library itself: the copy had not taken its name.
    else if (isSameFile(path, library)) attempt('restore-taken-back', path, () => rmSync(path));
    // The process was killed after the former library got its own name and before its second name was removed.
    else if (isSameFile(path, of)) attempt('restore-finished', path, () => rmSync(path));
    else attempt('restore-finished', path, () => publish(path, freeName(of)));
  }
  for (const { path, kind } of beside) {
    if (kind !== 'erasing') attempt('leftover-removed', path, () => removeWithCompanions(path));
  }
  return done;
}
