import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import { planRegroup } from '../../electron/service/group.ts';
import { MADE_CALIBRATION, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

test('A group that stands and shows two people is told of, and stays until it is grouped anew.', async () => {
  for (let i = 0; i < 5; i++) {
    for (const name of ['anna', 'ben', 'carl', 'dora'])
      place.put(`${name}${i}.jpg`, madePhoto([name], `${i}`));
  }
  place.put('party.jpg', madePhoto(['eva', 'fred']));
  await withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    const options = { library, encoder: 'dlib', calibration: MADE_CALIBRATION } as const;
    expect((await planRegroup(options)).plan).toMatchObject({ moved: 0, mixed: [] });
    const paths = new Map(library.files.list(folder).map(({ photoId, path }) => [photoId, path]));
    const faces = library.faces.ofFolder(folder);
    const of = (name: string) => faces.filter(({ photoId }) => paths.get(photoId)!.startsWith(name));
    const groupOf = (name: string) => of(name)[0]!.group as GroupId;
    const ids = (name: string): FaceId[] => of(name).map(({ id }) => id);
    const act = (work: Parameters<typeof library.journal.act>[1]) =>
      library.journal.act({ action: 'made', detail: {}, by: 'hand' }, work);
    let party = 0;
    act((entry) => {
      library.groups.merge([groupOf('anna')], groupOf('ben'));
      library.groups.merge([groupOf('carl')], groupOf('dora'));
      party = library.groups.create();
      library.groups.move(ids('party'), party as GroupId);
      for (const name of ['carl', 'dora']) {
        const person = library.people.create(name);
        library.labels.put(ids(name).slice(0, 2), { verdict: 'person', person, by: 'hand' }, entry);
      }
    });
    const before = library.faces.ofFolder(folder);
    const planned = await planRegroup(options);
    expect(library.faces.ofFolder(folder)).toEqual(before);
    const sizes = planned.plan.mixed.map(({ group, why, parts }) => ({
      ...{ group, why },
      sizes: parts.map(({ size }) => size),
    }));
    const expected = [
      { group: groupOf('ben'), why: 'apart', sizes: [5, 5] },
      { group: groupOf('dora'), why: 'two-names', sizes: [2, 2] },
      { group: party, why: 'one-photo', sizes: [1, 1] },
    ];
    expect(sizes).toEqual(expected.sort((a, b) => a.group - b.group));
    expect(planned.plan.split).toBe(3);
  });
});
