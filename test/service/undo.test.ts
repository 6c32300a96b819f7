import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaceId, PhotoId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { doEdit, edit, fillLibrary, rowsOf } from './support/random-edits.ts';

// Undo and redo on a real SQLite file. All that the user decides is compared, ids included.

let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-undo-'));
  library = openLibrary(join(folder, 'library.kith'));
  fillLibrary(library);
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

it('gives back the very record when 200 random actions are undone, and the end when they are done again', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 200, maxLength: 200 }), fc.nat(199), (steps, reopenAt) => {
      const drawn = () => library.cards.faces.ofPhoto(1 as PhotoId).length;
      const before = rowsOf(library);
      const faces = drawn();
      for (const step of steps) doEdit(library, step);
      const after = rowsOf(library);
      let undone = 0;
      while (library.journal.undo().entry !== null) {
        // Undo does not end where the program does.
        if (++undone === reopenAt) {
          library.close();
          library = openLibrary(library.file);
        }
      }
      expect(drawn()).toBe(faces);
      expect(rowsOf(library)).toEqual(before);
      while (library.journal.redo().entry !== null);
      expect(rowsOf(library)).toEqual(after);
      while (library.journal.undo().entry !== null);
    }),
    { numRuns: 8, seed: Number(process.env.KITH_SEED ?? 1) },
  );
}, 120_000);

it('does by itself nothing again once something else is done, and keeps no entry that changed nothing', () => {
  const who = library.journal.act({ action: 'create', detail: {}, by: 'hand' }, () =>
    library.people.create('Anna'),
  );
  expect(library.journal.undo().entry?.id).toBe(who.entry);
  library.journal.act({ action: 'create', detail: {}, by: 'hand' }, () => library.people.create('Ben'));
  expect(library.journal.redo().entry).toBeNull();
  const nothing = library.journal.act({ action: 'clear', detail: {}, by: 'hand' }, () =>
    library.labels.clear([]),
  );
  expect(nothing.entry).toBeNull();
  expect(library.journal.list(0, 10).items.map(({ state }) => state)).toEqual(['done', 'undone']);
  // Asked for by name it is done again, since nothing stands in its way.
  expect(library.journal.redo({ entry: who.entry! }).entry).toMatchObject({ id: who.entry, state: 'done' });
});

it('undoes what was done before a scan that took some of the faces away', () => {
  const { result: anna } = library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    const person = library.people.create('Anna');
    library.labels.putSure([{ face: 2 as FaceId, person, probability: 0.9995 }], entry);
    library.labels.put([1 as FaceId], { verdict: 'person', person, by: 'hand' }, entry);
    return person;
  });
  library.journal.act({ action: 'remove', detail: {}, by: 'hand' }, () => library.people.remove(anna));
  // Another detector finds nothing on the first photo any more.
  library.photos.record(
    { ...madeAnalysis(0, 0), hash: madeAnalysis(0, 3).hash },
    { detector: 'haar', encoder: 'dlib' },
  );
  expect(library.journal.undo().entry?.action).toBe('remove');
  expect(library.people.get(anna).name).toBe('Anna');
  expect(library.labels.all()).toEqual([]);
});
