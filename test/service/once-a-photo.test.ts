import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';

// No person is on a photo twice, by labels of the user or of Kith: rules of the record, on a real SQLite file.

let folder: string;
let library: Library;
let anna: PersonId;
/** Faces 1 to 3 are on the first photo, 4 to 6 on the second, 7 to 9 on the third. */
const face = (id: number) => id as FaceId;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-once-'));
  library = openLibrary(join(folder, 'library.kith'));
  for (let photo = 0; photo < 3; photo++) {
    library.photos.record(madeAnalysis(photo, 3), { detector: 'ssd', encoder: 'dlib' });
  }
  const groups = [[1, 4].map(face), [2, 7].map(face)];
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  anna = act(() => library.people.create('Anna'));
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

function act<T>(work: (entry: Parameters<Parameters<Library['journal']['act']>[1]>[0]) => T): T {
  return library.journal.act({ action: 'name', detail: {}, by: 'hand' }, work).result;
}
const named = () => library.labels.all().map(({ face: id, by }) => [id, by]);

describe('A person', () => {
  it('that has one face on a photo gets no other there by way of a group', () => {
    act((entry) => library.labels.give(anna, [face(1)], [face(4)], entry));
    // The second group has a face on the first photo too.
    act((entry) => library.labels.give(anna, [face(7)], [face(2)], entry));
    expect(named()).toEqual([
      [1, 'hand'],
      [4, 'group'],
      [7, 'hand'],
    ]);
    expect(library.labels.refusals()).toEqual([{ face: 2, person: anna }]);
  });

  it('that two groups of one photo are named after at once gets one of the two faces', () => {
    act((entry) => library.labels.give(anna, [], [1, 4, 2, 7].map(face), entry));
    expect(named()).toEqual([
      [1, 'group'],
      [4, 'group'],
      [7, 'group'],
    ]);
  });

  it('whom Kith named on one face of a photo is withdrawn from it when the user points at another', () => {
    act((entry) => library.labels.putSure([{ face: face(2), person: anna, probability: 0.9995 }], entry));
    act((entry) => library.labels.give(anna, [face(1)], [], entry));
    expect(named()).toEqual([[1, 'hand']]);
    library.journal.undo();
    expect(named()).toEqual([[2, 'sure']]);
  });

  it('who was named on a face by its group leaves it for the face of that photo at which the user points', () => {
    act((entry) => library.labels.give(anna, [face(4)], [face(1)], entry));
    act((entry) => library.labels.give(anna, [face(2)], [], entry));
    expect(named()).toEqual([
      [2, 'hand'],
      [4, 'hand'],
    ]);
  });

  it('is never named twice on a photo by Kith itself', () => {
    const sure = [1, 2, 4].map((id) => ({ face: face(id), person: anna, probability: 0.9995 }));
    const late = { face: face(3), person: anna, probability: 0.9999 };
    act((entry) => expect(library.labels.putSure(sure, entry)).toEqual([sure[1]]));
    act((entry) => expect(library.labels.putSure([late], entry)).toEqual([late]));
    expect(named()).toEqual([
      [1, 'sure'],
      [4, 'sure'],
    ]);
  });

  it('may be on a mirror or a collage as often as the user says', () => {
    act(() => library.photos.setSeveral(1 as PhotoId, true));
    act((entry) => library.labels.putSure([{ face: face(3), person: anna, probability: 0.9995 }], entry));
    act((entry) => library.labels.give(anna, [], [1, 2].map(face), entry));
    expect(named()).toEqual([
      [1, 'group'],
      [2, 'group'],
      [3, 'sure'],
    ]);
  });
});
