import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PhotoId } from '../../electron/contract/ids.ts';
import type { JournalEntry } from '../../electron/contract/people.ts';
import type { Library } from '../../electron/library/open.ts';
import { commandsOn } from './support/commands.ts';
import { rowsOf } from './support/random-edits.ts';
import { undoPlace } from './support/undo-place.ts';

// What has to be undone before an entry can be, on a real SQLite file.

const openNew = undoPlace();
let library: Library;
function open(): void {
  library = openNew();
}

const { act, person, label } = commandsOn(() => library);
const actions = (entries: readonly JournalEntry[]) => entries.map(({ action }) => action);

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

  it('a person who has the name of one that comes back, and labels of that person since', () => {
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

  it('a confirmation since of a person whom a refusal that comes back excludes', () => {
    const { result: anna } = person('Anna');
    const refused = act('refuse', () => library.labels.refuse([1 as FaceId], anna)).entry;
    library.journal.undo({ entry: refused });
    const confirmed = label(1, anna);
    expect(library.journal.redo({ entry: refused }).blockers.map(({ id }) => id)).toEqual([confirmed]);
    library.journal.undo({ entry: confirmed });
    expect(library.journal.redo({ entry: refused }).entry?.id).toBe(refused);
    expect(library.labels.refusals()).toEqual([{ face: 1, person: anna }]);
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
    // The face is still ignored: no name of it was undone.
    expect(library.labels.all()).toMatchObject([{ face: 1, verdict: 'ignored' }]);
  });

  it('a name that another person has meanwhile', () => {
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

  it('a name that a person has again since another undo', () => {
    const { result: anna } = person('Anna');
    const away = act('rename', () => library.people.rename(anna, 'Anne')).entry;
    const { result: other } = person('Anna');
    const aside = act('rename', () => library.people.rename(other, 'Annabel')).entry;
    library.journal.undo({ entry: away });
    const { entry, blockers } = library.journal.undo({ entry: aside });
    expect(entry).toBeNull();
    expect(blockers).toMatchObject([{ id: away, state: 'undone' }]);
  });

  it('who was given a name that another one is to have again, where the latest renaming is undone along', () => {
    const { result: anna } = person('Anna');
    const renamed = act('rename', () => library.people.rename(anna, 'Ben')).entry;
    act('remove', () => library.people.remove(anna));
    const ben = person('Ben');
    act('rename', () => library.people.rename(ben.result, 'Anna'));
    const together = library.journal.undo({ entry: renamed }).blockers.map(({ id }) => id);
    expect(together).toContain(ben.entry);
    expect(library.journal.undo({ entry: renamed, together }).entry?.id).toBe(renamed);
    expect(library.people.all()).toMatchObject([{ id: anna, name: 'Anna' }]);
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
