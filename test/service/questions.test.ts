import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';

// What Kith would ask, read from a real SQLite file.

let folder: string;
let library: Library;
let anna: PersonId;
/** Faces 1 to 3 are on the first photo, 4 to 6 on the second, 7 to 9 on the third. */
const face = (id: number) => id as FaceId;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-ask-'));
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
describe('What there is to ask', () => {
  const suggest = (...all: [number, PersonId, number][]) =>
    library.labels.suggest(all.map(([id, person, probability]) => ({ face: face(id), person, probability })));
  const [one, two] = [1, 2] as GroupId[];

  it('is a group as a whole, by the mean over its faces, or a face alone; not what has a label', () => {
    suggest([1, anna, 0.9], [4, anna, 0.7], [2, anna, 0.6], [5, anna, 0.4]);
    const units = () => library.questions.suggested().toSorted((a, b) => a.face - b.face);
    expect(units()).toEqual([
      { group: one, face: 1, faces: 2, person: anna, probability: 0.8 },
      { group: two, face: 2, faces: 2, person: anna, probability: 0.3 },
      { group: null, face: 5, faces: 1, person: anna, probability: 0.4 },
    ]);
    act((entry) => library.labels.put([face(5)], { verdict: 'ignored', person: null, by: 'hand' }, entry));
    act(() => library.labels.refuse([face(1), face(4)], anna));
    expect(units().map(({ face: id }) => id)).toEqual([2]);
  });

  it('is of likely faces the units that they are of, by the mean over each, without what has a label', () => {
    const likely = [1, 2, 5, 7].map((id) => ({ face: face(id), probability: 0.8 }));
    const units = () => library.questions.unitsOf(likely).toSorted((a, b) => a.face - b.face);
    expect(units()).toMatchObject([
      { group: one, face: 1, faces: 2, probability: 0.4 },
      { group: two, face: 2, faces: 2, probability: 0.8 },
      { group: null, face: 5, faces: 1, probability: 0.8 },
    ]);
    act((entry) => library.labels.put([face(5)], { verdict: 'ignored', person: null, by: 'hand' }, entry));
    act(() => library.groups.setHidden([two!], true));
    expect(units().map(({ face: id }) => id)).toEqual([1]);
  });

  it('is of each unit the person whom it is most likely, and nothing of hidden groups', () => {
    const ben = act(() => library.people.create('Ben'));
    suggest([1, anna, 0.2], [4, ben, 0.7]);
    expect(library.questions.suggested()).toMatchObject([{ group: one, person: ben, probability: 0.35 }]);
    act(() => library.groups.setHidden([one!], true));
    expect(library.questions.suggested()).toEqual([]);
    expect(library.questions.groups(5).map(({ group }) => group)).toEqual([two]);
  });
});
