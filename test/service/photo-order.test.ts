import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-photo-order-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DETECTOR = 'ssd';

/** Which photo each file holds, and which photos have no date, in two folders. */
type Files = Map<string, number>;

/** Photos of a month, of which every third has no date, and two share one. */
function analysis(photo: number) {
  const made = madeAnalysis(photo, 0);
  const takenAt =
    photo % 3 === 0 ? null : `2020-01-${String(((photo * 7) % 20) + 1).padStart(2, '0')}T12:00:00`;
  return { ...made, takenAt };
}

/** Brings the record up to date, as a scan of both folders does. */
function scan(library: Library, files: readonly [Files, Files]): void {
  files.forEach((holds, at) => {
    const root = library.files.folder(`/made/${at}`);
    // A file of another photo has another size.
    const seen = [...holds].map(([path, photo]) => ({ path, size: 1000 + photo, mtimeNs: 1n }));
    for (const { id, path } of library.files.reconcile(root, seen, [], DETECTOR)) {
      const photo = analysis(holds.get(path)!);
      library.transaction(() => {
        const known = library.photos.analysed(photo.hash, DETECTOR);
        library.files.link(
          id,
          known ?? library.photos.record(photo, { detector: DETECTOR, encoder: 'dlib' }),
        );
      });
    }
  });
}

const change = fc.record({
  folder: fc.constantFrom(0 as const, 1 as const),
  path: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  photo: fc.option(fc.nat(11), { nil: null }),
});

it('The list that grew with each scan is the one that is read at once, in all folders together and in each.', () => {
  let made = 0;
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), (scans) => {
      const library = openLibrary(join(folder, `${made++}.kith`));
      const files: [Files, Files] = [new Map(), new Map()];
      const ids = library.files.folder('/made/0');
      const listed = (of: Library) => [
        of.cards.photos.list({}, 0, 100),
        of.cards.photos.list({ folder: ids }, 0, 100),
      ];
      for (const changes of scans) {
        for (const { folder: at, path, photo } of changes) {
          if (photo === null) files[at].delete(path);
          else files[at].set(path, photo);
        }
        scan(library, files);
        const other = openLibrary(library.file);
        expect(listed(library)).toEqual(listed(other));
        other.close();
        expect(library.cards.photos.list({}, 0, 100).total).toBe(
          new Set(files.flatMap((holds) => [...holds.values()])).size,
        );
      }
      library.close();
    }),
    { numRuns: 60, seed: 1 },
  );
}, 120_000);
