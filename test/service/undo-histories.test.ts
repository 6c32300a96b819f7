import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { doEdit, type Edit, edit, familyEdit, type RecordedRow, rowsOf } from './support/random-edits.ts';
import { undoPlace } from './support/undo-place.ts';

// Random histories, undone and redone by entry, in whatever order, on a real SQLite file.

const openNew = undoPlace();
let library: Library;
function open(): void {
  library = openNew();
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

const stepOf = (edits: fc.Arbitrary<Edit>) =>
  fc.oneof(
    { weight: 3, arbitrary: edits },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), pick: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('redo' as const), pick: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'undo-last' as const }, { kind: 'redo-last' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo-all' as const), pick: fc.nat(1000) }) },
  );

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer T> ? T : never;

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

  function run(one: Step): void {
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
    holdsFor(stepOf(edit));
  }, 300_000);

  it('and so it is where almost everything is said of families, in which circles of parents would close', () => {
    holdsFor(stepOf(familyEdit), 3);
  }, 300_000);

  /** @param people there from the beginning */
  function holdsFor(step: fc.Arbitrary<Step>, people = 0): void {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
        open();
        changes = new Map();
        for (let at = 0; at < people; at++) library.people.create(`Name ${at + 1}`);
        const first = rowsOf(library);
        for (const one of steps) run(one);
        for (let left = entries('done'); left.length > 0; left = entries('done')) undoLast(left[0]!);
        expect(rowsOf(library)).toEqual(first);
        library.close();
      }),
      { numRuns: RUNS, seed: Number(process.env.KITH_SEED ?? 1) },
    );
  }
});
