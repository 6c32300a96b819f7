import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PhotoId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { commandsOn } from './support/commands.ts';
import { rowsOf } from './support/random-edits.ts';
import { undoPlace } from './support/undo-place.ts';

// One entry is undone by itself, on a real SQLite file.

const openNew = undoPlace();
let library: Library;
function open(): void {
  library = openNew();
}

const { act, person, label } = commandsOn(() => library);

describe('One entry is undone, and another stays:', () => {
  beforeEach(open);
  afterEach(() => library.close());

  it('ignoring A does not bring back B, who was refused after it', () => {
    const { result: ben } = person('Ben');
    label(2, ben);
    const ignored = act('ignore', (entry) =>
      library.labels.put([1 as FaceId], { verdict: 'ignored', person: null, by: 'hand' }, entry),
    ).entry;
    act('refuse', () => library.labels.refuse([2 as FaceId], ben));
    expect(library.journal.undo({ entry: ignored }).entry?.action).toBe('ignore');
    expect(library.labels.all()).toEqual([]);
    expect(library.labels.refusals()).toEqual([{ face: 2, person: ben }]);
    expect(library.journal.redo({ entry: ignored }).entry).toMatchObject({
      state: 'done',
      faces: [1],
      changed: 1,
    });
    expect(library.labels.all()).toMatchObject([{ face: 1, verdict: 'ignored' }]);
  });

  it('a birth date goes, a later name of that person stays', () => {
    const { result: anna } = person('Anna');
    const birth = act('birth', () => library.people.setFact(anna, 'birth', '1990-01-01')).entry;
    act('rename', () => library.people.rename(anna, 'Anne'));
    library.journal.undo({ entry: birth });
    expect(library.people.get(anna)).toMatchObject({ name: 'Anne', birth: null });
  });

  it('what Kith named by itself gives way, and comes back with the user', () => {
    const made = act('name', (entry) => {
      const who = library.people.create('Anna');
      library.labels.put([1 as FaceId], { verdict: 'person', person: who, by: 'hand' }, entry);
      return who;
    });
    const sure = [{ face: 5 as FaceId, person: made.result, probability: 0.9995 }];
    act('arrive', (entry) => library.labels.putSure(sure, entry), 'kith');
    expect(library.journal.undo({ entry: made.entry }).blockers).toEqual([]);
    expect(library.labels.all()).toEqual([]);
    library.journal.redo({ entry: made.entry });
    expect(library.labels.all().map(({ face, by }) => `${face} ${by}`)).toEqual(['1 hand', '5 sure']);
  });

  it('a name of the user comes back over a name of Kith that has changed meanwhile, and never over one of the user', () => {
    const { result: anna } = person('Anna');
    const { result: ben } = person('Ben');
    act(
      'arrive',
      (entry) => library.labels.putSure([{ face: 2 as FaceId, person: anna, probability: 0.9995 }], entry),
      'kith',
    );
    const named = label(2, ben);
    library.journal.undo({ entry: named });
    expect(library.labels.all()).toMatchObject([{ person: anna, by: 'sure' }]);
    const { result: cleo } = person('Cleo');
    act('merge', () => library.merging.merge(anna, cleo));
    expect(library.journal.redo({ entry: named }).blockers).toEqual([]);
    expect(library.labels.all()).toMatchObject([{ person: ben, by: 'hand' }]);

    library.journal.undo({ entry: named });
    const ignored = act('ignore', (entry) =>
      library.labels.put([2 as FaceId], { verdict: 'ignored', person: null, by: 'group' }, entry),
    ).entry;
    const { entry, blockers } = library.journal.redo({ entry: named });
    expect(entry).toBeNull();
    expect(blockers.map(({ id }) => id)).toEqual([ignored]);
    expect(library.labels.all()).toMatchObject([{ verdict: 'ignored' }]);
  });

  it('a name by hand comes back whole where the name of Kith that it took the place of has gone', () => {
    const { result: anna } = person('Anna');
    const { result: ben } = person('Ben');
    const sure = [{ face: 2 as FaceId, person: anna, probability: 0.9995 }];
    const arrived = act('arrive', (entry) => library.labels.putSure(sure, entry), 'kith').entry;
    const named = label(2, ben);
    library.journal.undo({ entry: named });
    library.journal.undo({ entry: arrived });
    expect(library.labels.all()).toEqual([]);
    library.journal.redo({ entry: named });
    expect(library.labels.all()).toMatchObject([{ face: 2, verdict: 'person', person: ben, by: 'hand' }]);
  });
});

describe('What the user has done since a position', () => {
  beforeEach(open);
  afterEach(() => library.close());

  it('to faces, groups, people and photos is told, undoing among it; what Kith did is not', () => {
    const { result: anna } = person('Anna');
    const named = label(1, anna);
    const since = library.journal.position();
    const told = (of: Parameters<typeof library.journal.changedSince>[1]) =>
      library.journal.changedSince(since, of).map(({ id }) => id);
    const all = { faces: [1, 2, 3], groups: [1, 2, 3], people: [anna], photos: [1, 2, 3] } as never;
    expect(told(all)).toEqual([]);

    const sure = [{ face: 2 as FaceId, person: anna, probability: 0.9995 }];
    act('arrive', (entry) => library.labels.putSure(sure, entry), 'kith');
    expect(told(all)).toEqual([]);
    const refused = act('refuse', () => library.labels.refuse([3 as FaceId], anna)).entry;
    const moved = act('move', () => library.groups.move([10 as FaceId], 1 as GroupId)).entry;
    const mirror = act('several', () => library.photos.setSeveral(2 as PhotoId, true)).entry;
    const renamed = act('rename', () => library.people.rename(anna, 'Anne')).entry;
    library.journal.undo({ entry: named });
    expect(told({ faces: [3 as FaceId] })).toEqual([refused]);
    expect(told({ faces: [1 as FaceId] })).toEqual([named]);
    expect(told({ groups: [2 as GroupId] })).toEqual([moved]);
    expect(told({ groups: [1 as GroupId] })).toEqual([moved]);
    expect(told({ groups: [3 as GroupId] })).toEqual([]);
    expect(told({ photos: [2 as PhotoId] })).toEqual([mirror]);
    expect(told({ people: [anna] })).toEqual([renamed]);
    expect(told(all)).toEqual([refused, moved, mirror, renamed, named]);
    expect(library.journal.changedSince(library.journal.position(), all)).toEqual([]);
  });
});

describe('The journal is bounded:', () => {
  beforeEach(open);
  afterEach(() => library.close());

  /** Puts entries back in time. */
  function age(entries: readonly EntryId[], at: string): void {
    const sqlite = new DatabaseSync(library.file);
    for (const entry of entries) sqlite.prepare('UPDATE journal SET at = ? WHERE id = ?').run(at, entry);
    sqlite.close();
  }
  const ids = () => library.journal.list(0, 100).items.map(({ id }) => id);

  function fold(kept?: { days: number; entries: number }): number {
    library.journal.chooseFolded(kept);
    let steps = 0;
    while (library.journal.foldSome(2)) steps++;
    return steps;
  }

  it('what is older than a year goes bit by bit, and is gone at once; the record stays as it is', () => {
    const made = person('Anna');
    const old = [1, 2, 3].map((face) => label(face, made.result));
    const young = label(4, made.result);
    age([made.entry, ...old], '2020-05-06T07:08:09.000Z');
    const before = rowsOf(library);
    expect(library.journal.endsAt()).toBeNull();

    library.journal.chooseFolded();
    expect(ids()).toEqual([young]);
    expect(library.journal.endsAt()).toBe('2020-05-06T07:08:09.000Z');
    expect(() => library.journal.undo({ entry: old[0]! })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(fold()).toBeGreaterThan(1);
    expect(ids()).toEqual([young]);
    expect(rowsOf(library)).toEqual(before);
    const left = new DatabaseSync(library.file, { readOnly: true });
    expect(left.prepare('SELECT count(*) AS n FROM journal_changes').get()).toEqual({ n: 1 });
    left.close();

    expect(library.journal.undo().entry?.id).toBe(young);
    expect(library.journal.undo()).toEqual({ entry: null, blockers: [] });
    expect(library.labels.all()).toHaveLength(3);
  });

  it('of too many the first go, but an entry stays that was undone since', () => {
    const made = person('Anna').result;
    const entries = [1, 2, 3, 4, 5].map((face) => label(face, made));
    library.journal.undo({ entry: entries[0]! });
    fold({ days: 365, entries: 3 });
    expect(ids()).toEqual([entries[4], entries[3], entries[0]]);
    expect(library.journal.redo({ entry: entries[0]! }).entry?.state).toBe('done');
    expect(library.labels.all().map(({ face }) => face)).toEqual([1, 2, 3, 4, 5]);
  });

  it('nothing is folded because the clock is wrong, or because the library was not opened for years', () => {
    const made = person('Anna');
    const named = label(1, made.result);
    age([made.entry, named], '2020-05-06T07:08:09.000Z');
    fold();
    expect(ids()).toEqual([named, made.entry]);
  });
});
