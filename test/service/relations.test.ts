import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryId, FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { RelationKind } from '../../electron/contract/relations.ts';
import type { Query } from '../../electron/contract/search.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { fillLibrary } from './support/random-edits.ts';

// Who is related to whom, through the application's one door. Each photo of the library has three faces: 1, 2, 3; 4, 5, 6; …

let folder: string;
let libraryFile: string;
let app: App;
let [anna, ben, cleo, dora]: PersonId[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-relations-'));
  libraryFile = join(folder, 'library.kith');
  const library = openLibrary(libraryFile);
  fillLibrary(library);
  library.close();
  app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  // Anna, Ben and Cleo are on the first photo, Dora is on the second.
  [anna, ben, cleo, dora] = [
    await person('Anna', 1),
    await person('Ben', 2),
    await person('Cleo', 3),
    await person('Dora', 4),
  ];
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function person(name: string, face: number): Promise<PersonId> {
  const named = await app.call('name', { faces: [face as FaceId], name });
  if (named.kind !== 'named') throw new Error('Expected a new name');
  return named.ledger.person.id;
}

/** Says that `id` is something of `of`. */
async function relate(id: PersonId, is: RelationKind, of: PersonId): Promise<EntryId> {
  const done = await app.call('people.relate', { id, is, of });
  if (done.kind !== 'related' || done.entry === null) throw new Error(`Expected it to be new: ${done.kind}`);
  return done.entry;
}

/** Everybody who is something to a person: `child Ben`, with a mark where nobody said so. */
const relatives = async (id: PersonId) =>
  (await app.call('people.relations', { id })).map(
    ({ is, name, follows }) => `${is} ${name}${follows ? ' *' : ''}`,
  );

const code = (of: Promise<unknown>) => of.then(String, (error) => error.code);
const rows = () => {
  const sqlite = new DatabaseSync(libraryFile, { readOnly: true });
  const all = sqlite.prepare('SELECT * FROM relations ORDER BY person_id, other_id').all();
  sqlite.close();
  return all.map((row) => ({ ...row }));
};

describe('What is said of two people', () => {
  it('is seen from both, is one entry with both faces, and is undone and done again', async () => {
    const entry = await relate(ben!, 'child', anna!);
    await relate(ben!, 'partner', dora!);
    expect(await relatives(anna!)).toEqual(['child Ben']);
    expect(await relatives(ben!)).toEqual(['parent Anna', 'partner Dora']);
    expect(await relatives(dora!)).toEqual(['partner Ben']);
    const { items } = await app.call('journal.list', {});
    expect(items.slice(0, 2)).toMatchObject([
      { action: 'relate-partner', detail: { name: 'Ben', other: 'Dora' }, faces: [2, 4], changed: 2 },
      { id: entry, action: 'relate-parent', detail: { name: 'Anna', other: 'Ben' }, faces: [1, 2] },
    ]);
    await app.call('journal.undo', { entry });
    expect(await relatives(ben!)).toEqual(['partner Dora']);
    await app.call('journal.redo', { entry });
    expect(await relatives(anna!)).toEqual(['child Ben']);
    const removed = await app.call('people.unrelate', { id: anna!, of: ben! });
    expect(await relatives(anna!)).toEqual([]);
    expect((await app.call('journal.undo', { entry })).blockers.map(({ id }) => id)).toEqual([removed.entry]);
    await app.call('journal.undo', { entry: removed.entry! });
    expect(await relatives(anna!)).toEqual(['child Ben']);
  });

  it('is replaced by something else only where the sender says so', async () => {
    await relate(ben!, 'sibling', anna!);
    expect(await app.call('people.relate', { id: ben!, is: 'sibling', of: anna! })).toEqual({
      ...{ kind: 'related', entry: null },
    });
    expect(await app.call('people.relate', { id: anna!, is: 'parent', of: ben! })).toEqual({
      ...{ kind: 'exists', is: 'sibling' },
    });
    expect(await relatives(anna!)).toEqual(['sibling Ben']);
    const replaced = await app.call('people.relate', { id: anna!, is: 'parent', of: ben!, replace: true });
    expect(replaced).toMatchObject({ kind: 'related', entry: expect.any(Number) });
    expect(await relatives(ben!)).toEqual(['parent Anna']);
    expect(rows()).toEqual([{ person_id: anna, other_id: ben, kind: 'parent' }]);
    await app.call('journal.undo', {});
    expect(await relatives(ben!)).toEqual(['sibling Anna']);
  });

  it('is refused of one person, of nobody, and where somebody would be among their own ancestors', async () => {
    expect(await code(app.call('people.relate', { id: anna!, is: 'partner', of: anna! }))).toBe(
      'bad-request',
    );
    expect(await code(app.call('people.relate', { id: anna!, is: 'child', of: 99 as PersonId }))).toBe(
      'not-found',
    );
    await relate(anna!, 'parent', ben!);
    await relate(cleo!, 'child', ben!);
    const before = rows();
    for (const replace of [false, true])
      expect(await code(app.call('people.relate', { id: cleo!, is: 'parent', of: anna!, replace }))).toBe(
        'bad-request',
      );
    expect(rows()).toEqual(before);
    // What is said of the two themselves gives way, so the other way round is no circle.
    await app.call('people.relate', { id: ben!, is: 'parent', of: anna!, replace: true });
    expect(await relatives(anna!)).toEqual(['parent Ben', 'sibling Cleo *']);
  });

  it('makes siblings of those who share a parent, until something else is said of the two', async () => {
    for (const child of [ben!, cleo!]) await relate(anna!, 'parent', child);
    await relate(dora!, 'parent', cleo!);
    await app.call('people.birth', { id: cleo!, birth: '1990-05-01' });
    expect(await relatives(ben!)).toEqual(['parent Anna', 'sibling Cleo *']);
    expect(await relatives(anna!)).toEqual(['child Cleo', 'child Ben']);
    expect(rows()).toHaveLength(3);
    await relate(ben!, 'partner', cleo!);
    expect(await relatives(ben!)).toEqual(['parent Anna', 'partner Cleo']);
    await app.call('people.unrelate', { id: ben!, of: cleo! });
    await relate(ben!, 'sibling', cleo!);
    expect(await relatives(ben!)).toEqual(['parent Anna', 'sibling Cleo']);
  });

  it('changes nobody’s suggestions', async () => {
    const suggested = () => {
      const sqlite = new DatabaseSync(libraryFile, { readOnly: true });
      const all = sqlite.prepare('SELECT * FROM suggestions ORDER BY face_id').all();
      sqlite.close();
      return JSON.stringify(all);
    };
    const before = suggested();
    await relate(anna!, 'parent', ben!);
    expect(suggested()).toBe(before);
  });

  it('is refused to a sender who has not seen what another said of one of them', async () => {
    const seen = app.position;
    await app.call('people.relate', { id: ben!, is: 'child', of: anna! }, { sender: 'a', seen });
    const late = (of: PersonId) =>
      code(app.call('people.relate', { id: dora!, is: 'partner', of }, { sender: 'b', seen }));
    expect(await late(anna!)).toBe('changed-meanwhile');
    expect(await late(ben!)).toBe('changed-meanwhile');
    expect(await late(cleo!)).toBe('[object Object]');
  });
});

describe('A person who goes', () => {
  it('takes the relations along, and comes back with them', async () => {
    await relate(anna!, 'parent', ben!);
    const related = await relate(anna!, 'partner', dora!);
    await relate(cleo!, 'sibling', dora!);
    const before = rows();
    const { entry } = await app.call('people.remove', { ids: [anna!] });
    expect(rows()).toEqual([{ person_id: cleo, other_id: dora, kind: 'sibling' }]);
    // What was said of Anna can't come back before she does.
    expect((await app.call('journal.undo', { entry: related })).blockers.map(({ id }) => id)).toEqual([
      entry,
    ]);
    await app.call('journal.undo', { entry: entry! });
    expect(rows()).toEqual(before);
    // And whoever gave her the name back then has to undo what builds on her.
    const [first] = (await app.call('journal.list', {})).items.slice(-1);
    const { blockers } = await app.call('journal.undo', { entry: first!.id });
    expect(blockers.map(({ action }) => action)).toEqual(['relate-partner', 'relate-parent']);
  });

  it('in whose place another becomes, hands the relations on: each once, none to oneself, and back again', async () => {
    await relate(anna!, 'parent', ben!);
    await relate(dora!, 'parent', ben!);
    await relate(anna!, 'partner', dora!);
    await relate(anna!, 'sibling', cleo!);
    const before = rows();
    expect(await app.call('people.mergePlan', { from: [dora!], into: anna! })).toMatchObject({
      related: 'Dora',
    });
    expect(await app.call('people.mergePlan', { from: [dora!], into: cleo! })).toMatchObject({
      related: null,
    });
    const { ledger } = await app.call('people.merge', { from: [dora!], into: anna!, evenIfTogether: true });
    expect(await relatives(anna!)).toEqual(['child Ben', 'sibling Cleo']);
    await app.call('journal.undo', { entry: ledger.entry! });
    expect(rows()).toEqual(before);
    await app.call('journal.redo', { entry: ledger.entry! });
    await app.call('journal.undo', { entry: ledger.entry! });
    const other = await app.call('people.merge', { from: [anna!], into: dora!, evenIfTogether: true });
    expect(await relatives(dora!)).toEqual(['child Ben', 'sibling Cleo']);
    await app.call('journal.undo', { entry: other.ledger.entry! });
    expect(rows()).toEqual(before);
  });

  it('leaves out what would make somebody their own ancestor, and what contradicts what is said of the other', async () => {
    // Anna → Ben → Cleo; Cleo and Dora are siblings, Ben is Dora's partner, and then Cleo becomes Anna.
    await relate(anna!, 'parent', ben!);
    await relate(ben!, 'parent', cleo!);
    await relate(anna!, 'partner', dora!);
    await relate(cleo!, 'sibling', dora!);
    await app.call('people.merge', { from: [cleo!], into: anna!, evenIfTogether: true });
    expect(await relatives(anna!)).toEqual(['child Ben', 'partner Dora']);
  });
});

describe('A way of parents that would close since', () => {
  it('stops the undo of what broke it, and names what closed it', async () => {
    await relate(anna!, 'parent', ben!);
    const broken = (await app.call('people.unrelate', { id: anna!, of: ben! })).entry!;
    await relate(ben!, 'parent', cleo!);
    const closing = await relate(cleo!, 'parent', anna!);
    const { entry, blockers } = await app.call('journal.undo', { entry: broken });
    expect([entry, blockers.map(({ id }) => id)]).toEqual([null, [closing]]);
    await app.call('journal.undo', { entry: broken, with: [closing] });
    expect(await relatives(ben!)).toEqual(['parent Anna', 'child Cleo']);
    // The other way round: done again it would close once more.
    const again = await app.call('journal.redo', { entry: closing });
    expect([again.entry, again.blockers.length > 0]).toEqual([null, true]);
  });
});

describe('A search for relatives', () => {
  const of = (is: RelationKind, id: PersonId): Query => [
    { not: false, any: [{ kind: 'related', is, person: id }] },
  ];
  const found = async (query: Query) =>
    (await app.call('search.photos', { query })).items.map(({ id, matched }) => [
      id,
      matched.map((face) => face.id),
    ]);
  const photos = async () => (await app.call('albums.list', {}))[0]!.photos;

  beforeEach(() => {
    // Photos of no file are in no list.
    const sqlite = new DatabaseSync(libraryFile);
    sqlite.exec(`INSERT INTO folders (path) VALUES ('/x');
      INSERT INTO files (folder_id, path, size, mtime_ns, status, photo_id)
      SELECT 1, id || '.jpg', 1, 1, 'done', id FROM photos`);
    sqlite.close();
  });

  it('is kept in an album as said, so that a child who is added later is found; a merge names the other', async () => {
    await relate(anna!, 'parent', ben!);
    await app.call('albums.save', { name: 'Children', query: of('child', anna!) });
    expect(await found(of('child', anna!))).toEqual([[1, [2]]]);
    expect(await photos()).toBe(1);
    await relate(dora!, 'child', anna!);
    expect(await found(of('child', anna!))).toEqual([
      [1, [2]],
      [2, [4]],
    ]);
    expect(await found(of('sibling', ben!))).toEqual([[2, [4]]]);
    expect(await photos()).toBe(2);
    await app.call('journal.undo', {});
    expect(await photos()).toBe(1);

    const { ledger } = await app.call('people.merge', { from: [anna!], into: cleo!, evenIfTogether: true });
    expect((await app.call('albums.list', {}))[0]).toMatchObject({ query: of('child', cleo!), photos: 1 });
    await app.call('journal.undo', { entry: ledger.entry! });
    expect((await app.call('albums.list', {}))[0]).toMatchObject({ query: of('child', anna!) });
    await app.call('people.remove', { ids: [anna!] });
    expect(await photos()).toBe(0);
  });

  it('offers people who have such a relative first, but after a person of exactly this name', async () => {
    const found = async (text: string, whose?: RelationKind) =>
      (await app.call('people.search', { text, ...(whose && { whose }) })).map(({ name }) => name);
    const all = await found('');
    expect(await found('', 'child')).toEqual(all);
    const last = all.at(-1)!;
    await relate((await app.call('people.search', { text: last }))[0]!.id, 'parent', ben!);
    expect(all[0]).not.toBe(last);
    expect(await found('', 'child')).toEqual([last, ...all.slice(0, -1)]);
    expect((await found('', 'parent'))[0]).toBe('Ben');
    // Siblings by a shared parent count too.
    await relate((await app.call('people.search', { text: last }))[0]!.id, 'parent', anna!);
    expect((await found('', 'sibling')).slice(0, 2).toSorted()).toEqual(['Anna', 'Ben']);
  });

  it('says in its vocabulary whether anybody is related', async () => {
    expect(await app.call('search.vocabulary', {})).toMatchObject({ areRelated: false });
    await relate(anna!, 'parent', ben!);
    expect(await app.call('search.vocabulary', {})).toMatchObject({ areRelated: true });
  });
});
