import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { JournalEntry } from '../../electron/contract/people.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { doEdit, edit, fillLibrary, type RecordedRow, rowsOf } from './support/random-edits.ts';

// Any entry is undone by itself, in whatever order, on a real SQLite file.

let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-undo-entry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

let made = 0;
function open(): void {
  library = openLibrary(join(folder, `${++made}.kith`));
  fillLibrary(library);
}

type Rows = ReturnType<typeof rowsOf>;
interface Change {
  before: RecordedRow | undefined;
  after: RecordedRow | undefined;
}

function difference(before: Rows, after: Rows): Map<string, Change> {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Map(
    [...keys]
      .map((key): [string, Change] => [key, { before: before.get(key), after: after.get(key) }])
      .filter(([, change]) => JSON.stringify(change.before) !== JSON.stringify(change.after)),
  );
}

const isSure = (row: RecordedRow | undefined) => row?.by_whom === 'sure';

/** Groups come and go with their faces, which are held to what they were; at the end all of them are again. */
const isGroup = (key: string) => key.startsWith('groups ');

const step = fc.oneof(
  { weight: 3, arbitrary: edit },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), pick: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redo' as const), pick: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'undo-last' as const }, { kind: 'redo-last' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo-all' as const), pick: fc.nat(1000) }) },
);

/** Random histories; `npm run test:long -- undo` plays many more, from other seeds. */
const RUNS = Number(process.env.KITH_RUNS ?? 30);

describe('Undoing and redoing by entry, after random commands:', () => {
  /** What each entry changed when it was made. */
  let changes: Map<EntryId, Map<string, Change>>;

  const entries = (state: 'done' | 'undone') =>
    library.journal.list(0, 1000).items.flatMap((entry) => (entry.state === state ? [entry.id] : []));

  /** Exactly what the entry changed is given back, or is there again; nothing else is touched but names by Kith alone. */
  function holds(entry: EntryId, to: 'undone' | 'done', before: Rows, now: Rows): void {
    const own = changes.get(entry)!;
    for (const [key, change] of own) {
      if (isSure(change.before) || isSure(change.after)) continue;
      const [from, target] = to === 'done' ? [change.before, change.after] : [change.after, change.before];
      if (from && target) {
        const columns = Object.keys(target).filter((name) => from[name] !== target[name]);
        const image = (row: RecordedRow | undefined) => columns.map((name) => row?.[name]);
        expect([key, image(now.get(key))]).toEqual([key, image(target)]);
      } else if (!isGroup(key)) {
        expect([key, now.get(key) === undefined]).toEqual([key, target === undefined]);
      }
    }
    for (const [key, other] of difference(before, now)) {
      const isKiths = [other.before, other.after].every((row) => row === undefined || isSure(row));
      const comesOrGoes = isGroup(key) && (other.before === undefined || other.after === undefined);
      if (!own.has(key) && !isKiths && !comesOrGoes) throw new Error(`Expected ${key} to be left alone`);
    }
  }

  const withoutSure = (rows: Rows) => new Map([...rows].filter(([, row]) => !isSure(row)));

  function take(how: 'undo' | 'redo', entry: EntryId | undefined, together: EntryId[] = []): void {
    const before = rowsOf(library);
    const taken =
      how === 'undo' ? library.journal.undo({ entry, together }) : library.journal.redo({ entry });
    const now = rowsOf(library);
    if (taken.entry === null) {
      expect(difference(before, now).size).toBe(0);
      if (entry !== undefined) expect(taken.blockers.length).toBeGreaterThan(0);
      return;
    }
    if (together.length > 0) return;
    holds(taken.entry.id, how === 'undo' ? 'undone' : 'done', before, now);
    // And at once the other way round: everything is as it was, but for names of Kith that may be given again by now.
    const back = how === 'undo' ? library.journal.redo : library.journal.undo;
    expect(back.call(library.journal, { entry: taken.entry.id }).entry).not.toBeNull();
    expect(withoutSure(rowsOf(library))).toEqual(withoutSure(before));
    expect(
      (how === 'undo'
        ? library.journal.undo({ entry: taken.entry.id })
        : library.journal.redo({ entry: taken.entry.id })
      ).entry,
    ).not.toBeNull();
    expect(withoutSure(rowsOf(library))).toEqual(withoutSure(now));
  }

  function run(one: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
    if (one.kind === 'undo-last') take('undo', undefined);
    else if (one.kind === 'redo-last') take('redo', undefined);
    else if (one.kind === 'undo' || one.kind === 'redo' || one.kind === 'undo-all') {
      const all = entries(one.kind === 'redo' ? 'undone' : 'done');
      const entry = all[one.pick % all.length];
      if (entry === undefined) return;
      if (one.kind !== 'undo-all') {
        take(one.kind, entry);
        return;
      }
      const blockers = library.journal.blockers(entry);
      const together = blockers.map(({ id }) => id);
      if (blockers.some(({ state }) => state === 'undone')) return;
      expect(library.journal.undo({ entry, together }).entry?.id).toBe(entry);
      expect(entries('done').filter((id) => id === entry || together.includes(id))).toEqual([]);
    } else {
      const before = rowsOf(library);
      const entry = doEdit(library, one);
      if (entry !== null) changes.set(entry, difference(before, rowsOf(library)));
    }
  }

  /** What is undone may have a name again that is in the way: it is done again before, and undone after. */
  function undoLast(newest: EntryId): void {
    if (library.journal.undo().entry !== null) return;
    for (const entry of entries('done')) if (library.journal.undo({ entry }).entry !== null) return;
    const { blockers } = library.journal.undo({ entry: newest });
    const undone = blockers.filter(({ state }) => state === 'undone');
    expect(undone.length).toBeGreaterThan(0);
    for (const { id } of undone) expect(library.journal.redo({ entry: id }).entry).not.toBeNull();
    expect(library.journal.undo({ entry: newest }).entry).not.toBeNull();
  }

  it('each gives back exactly what it changed, and undoing all gives the very first record', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
        open();
        changes = new Map();
        const first = rowsOf(library);
        for (const one of steps) run(one);
        for (let left = entries('done'); left.length > 0; left = entries('done')) undoLast(left[0]!);
        expect(rowsOf(library)).toEqual(first);
        library.close();
      }),
      { numRuns: RUNS, seed: Number(process.env.KITH_SEED ?? 1) },
    );
  }, 300_000);
});

/** One command. */
function act<T>(action: string, work: (entry: EntryId) => T, by: 'hand' | 'kith' = 'hand') {
  const { entry, result } = library.journal.act({ action, detail: {}, by }, work);
  return { entry: entry!, result };
}
const person = (name: string) => act('create', () => library.people.create(name));
const label = (face: number, who: PersonId) =>
  act('name', (entry) =>
    library.labels.put([face as FaceId], { verdict: 'person', person: who, by: 'hand' }, entry),
  ).entry;
const actions = (entries: readonly JournalEntry[]) => entries.map(({ action }) => action);

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
    const birth = act('birth', () => library.people.setBirth(anna, '1990-01-01')).entry;
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

  it('a name by hand comes back over a name of Kith that has become another one meanwhile, and never over a hand', () => {
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

describe('What builds on an entry is named, and undone together with it where that is asked for:', () => {
  beforeEach(open);
  afterEach(() => library.close());

  it('what comes back in the way only once the others are undone', () => {
    const made = person('Anna');
    const refused = act('refuse', () => library.labels.refuse([1 as FaceId], made.result)).entry;
    const removed = act('remove', () => library.people.remove(made.result)).entry;
    const { blockers } = library.journal.undo({ entry: made.entry });
    expect(blockers.map(({ id }) => id)).toEqual([removed, refused]);
    expect(library.journal.undo({ entry: made.entry, together: [removed, refused] }).entry?.id).toBe(
      made.entry,
    );
    expect(library.people.all()).toEqual([]);
  });

  it('who has the name of a person that comes back, and what was said of them since', () => {
    const { result: anna } = person('Anna');
    const removed = act('remove', () => library.people.remove(anna)).entry;
    const another = person('Anna');
    const cover = act('cover', () => library.people.setCover(another.result, 1 as FaceId)).entry;
    const { blockers } = library.journal.undo({ entry: removed });
    expect(blockers.map(({ id }) => id)).toEqual([cover, another.entry]);
    const together = blockers.map(({ id }) => id);
    expect(library.journal.undo({ entry: removed, together }).entry?.id).toBe(removed);
    expect(library.people.all()).toMatchObject([{ id: anna }]);
  });

  it('what the user has confirmed since of a person who was merged, and refused since of a face', () => {
    const { result: anna } = person('Anna');
    const { result: ben } = person('Ben');
    const sure = [{ face: 2 as FaceId, person: anna, probability: 0.9995 }];
    act('arrive', (entry) => library.labels.putSure(sure, entry), 'kith');
    const merged = act('merge', () => library.merging.merge(anna, ben)).entry;
    const confirmed = label(2, ben);
    expect(library.journal.undo({ entry: merged }).blockers.map(({ id }) => id)).toEqual([confirmed]);

    const named = label(5, ben);
    library.journal.undo({ entry: named });
    const refused = act('refuse', () => library.labels.refuse([5 as FaceId], ben)).entry;
    expect(library.journal.redo({ entry: named }).blockers.map(({ id }) => id)).toEqual([refused]);
    expect(library.labels.all()).toMatchObject([{ face: 2, person: ben, by: 'hand' }]);
  });

  it('names of a person who was made by it, and what changed those', () => {
    const made = person('Anna');
    const first = label(1, made.result);
    const other = act('ignore', (entry) =>
      library.labels.put([1 as FaceId], { verdict: 'ignored', person: null, by: 'hand' }, entry),
    ).entry;
    const apart = act('several', () => library.photos.setSeveral(3 as PhotoId, true)).entry;
    const { blockers } = library.journal.undo({ entry: first });
    expect(blockers.map(({ id }) => id)).toEqual([other]);
    // Nothing was done so far.
    expect(library.labels.all()).toMatchObject([{ verdict: 'ignored' }]);

    label(2, made.result);
    const refused = library.journal.undo({ entry: made.entry, together: [first] });
    expect(refused.entry).toBeNull();
    expect(actions(refused.blockers)).toEqual(['name']);
    const named = refused.blockers.map(({ id }) => id);
    expect(library.journal.undo({ entry: made.entry, together: named }).entry?.id).toBe(made.entry);
    expect(library.people.all()).toEqual([]);
    const states = library.journal.list(0, 10).items.map(({ id, state }) => [id, state]);
    expect(states).toContainEqual([apart, 'done']);
    // The face is ignored still: nobody's name was undone of it.
    expect(library.labels.all()).toMatchObject([{ face: 1, verdict: 'ignored' }]);
  });

  it('a name that somebody else has meanwhile', () => {
    const { result: anna } = person('Anna');
    const removed = act('remove', () => library.people.remove(anna)).entry;
    const { result: ben } = person('Ben');
    const renamed = act('rename', () => library.people.rename(ben, 'anna')).entry;
    const { entry, blockers } = library.journal.undo({ entry: removed });
    expect(entry).toBeNull();
    expect(blockers.map(({ id }) => id)).toEqual([renamed]);
    library.journal.undo({ entry: removed, together: [renamed] });
    expect(library.people.all().map(({ name }) => name)).toEqual(['Anna', 'Ben']);
  });

  it('a name that somebody has again since another undoing', () => {
    const { result: anna } = person('Anna');
    const away = act('rename', () => library.people.rename(anna, 'Anne')).entry;
    const { result: other } = person('Anna');
    const aside = act('rename', () => library.people.rename(other, 'Annabel')).entry;
    library.journal.undo({ entry: away });
    const { entry, blockers } = library.journal.undo({ entry: aside });
    expect(entry).toBeNull();
    expect(blockers).toMatchObject([{ id: away, state: 'undone' }]);
  });

  it('groups that were joined, merged or grouped anew', () => {
    const moved = act('move', () => library.groups.move([1 as FaceId], library.groups.create())).entry;
    const { group_id: fresh } = rowsOf(library).get('faces 1') as { group_id: GroupId };
    const merged = act('merge-groups', () => library.groups.merge([1 as GroupId], 2 as GroupId)).entry;
    expect(library.journal.undo({ entry: moved }).blockers.map(({ id }) => id)).toEqual([merged]);
    const joined = act('move', () => library.groups.move([20 as FaceId], fresh)).entry;
    const { blockers } = library.journal.undo({ entry: moved });
    expect(blockers.map(({ id }) => id)).toEqual([joined, merged]);
    expect(library.journal.undo({ entry: moved, together: [merged, joined] }).entry).not.toBeNull();
    expect(rowsOf(library).get('faces 1')).toMatchObject({ group_id: 1 });
  });

  it('but no faces that joined a group when they were grouped: it stays', () => {
    const moved = act('move', () => library.groups.move([1 as FaceId], library.groups.create())).entry;
    const { group_id: fresh } = rowsOf(library).get('faces 1') as { group_id: GroupId };
    const by = { encoder: 'dlib', method: 'made' } as const;
    const moves = [{ face: 20 as FaceId, from: null, to: { group: fresh } }];
    library.groups.rearrange(moves, by, library.groups.state());
    expect(library.journal.undo({ entry: moved }).blockers).toEqual([]);
    expect(rowsOf(library).get('faces 20')).toMatchObject({ group_id: fresh });
    library.journal.redo({ entry: moved });
    expect(rowsOf(library).get('faces 1')).toMatchObject({ group_id: fresh });
  });

  it('an entry that is not there is not found', () => {
    expect(() => library.journal.undo({ entry: 99 as EntryId })).toThrow(
      expect.objectContaining({ code: 'not-found', detail: 'entry 99' }),
    );
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

  it('nothing goes because the clock is wrong, or nobody has opened the library for years', () => {
    const made = person('Anna');
    const named = label(1, made.result);
    age([made.entry, named], '2020-05-06T07:08:09.000Z');
    fold();
    expect(ids()).toEqual([named, made.entry]);
  });
});
