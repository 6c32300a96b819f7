import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Library, openLibrary } from '../../../electron/library/open.ts';
import { fillLibrary } from './random-edits.ts';

/** Gives each test a folder of its own. @returns opens a new library with some faces in it, as often as it is called */
export function undoPlace(): () => Library {
  let folder: string;
  let made = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kith-undo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => {
    const library = openLibrary(join(folder, `${++made}.kith`));
    fillLibrary(library);
    return library;
  };
}
