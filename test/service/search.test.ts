import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FaceId, FolderId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { RelationKind } from '../../electron/contract/relations.ts';
import type { Atom, Query } from '../../electron/contract/search.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { SEARCHES } from '../fixtures/searches.ts';
import { SearchReference } from './support/search-reference.ts';

// Search against a plain reference, on real SQLite files.

const folder = mkdtempSync(join(tmpdir(), 'kith-search-'));
afterAll(() => rmSync(folder, { recursive: true }));

const act = <T>(library: Library, work: (entry: never) => T): T =>
  library.journal.act({ action: 'made', detail: {}, by: 'hand' }, (entry) => work(entry as never)).result;

function found(library: Library, query: Query) {
  const pages = [];
  for (let from = 0; ; from += 500) {
    const { items, total } = library.search.list(query, from, 500);
    pages.push(...items.map(({ id, matched }) => ({ id, matched: matched.map((face) => face.id) })));
    if (items.length === 0 || pages.length >= total) return pages;
  }
}

const CAMERAS = ['X-T5', 'Canon'];
const PATHS = [
  'a.jpg',
  'Sommer/b.jpg',
  'Sommer/See/B.jpg',
  'Sommerfest/c.jpg',
  'MÜLLER/50%_d.jpg',
  'mu\u0308ll/e.jpg',
];
const TAKEN = [
  null,
  '2019-05-31T23:59:59',
  '2019-06-01T00:00:00',
  '2019-08-31T23:59:59',
  '2020-02-29T12:00:00',
];
const TEXTS = ['sommer', 'B.jp', 'müll', 'MÜLLER', '%', '_', '0%_', 'Urlaub', 'é', '[', '*', 'jpg'];
const DAYS = ['0001-01-01', '2019-06-01', '2019-08-31', '2020-02-29', '9999-12-31'];

/** Three photos of each path; the people, verdicts and suggestions are given by lot. */
function fill(library: Library): void {
  const by = { detector: 'ssd', encoder: 'dlib' } as const;
  for (const name of ['/x/Urlaub', '/x/Rest']) {
    const id = library.files.folder(name);
    const seen = PATHS.map((path) => ({ path, size: 5, mtimeNs: 1n }));
    for (const [at, file] of library.files.reconcile(id, seen, [], 'ssd').entries()) {
      const photo = id * 10 + at;
      const made = madeAnalysis(photo, photo % 4);
      library.files.link(
        file.id,
        library.photos.record(
          { ...made, takenAt: TAKEN[photo % TAKEN.length]!, camera: CAMERAS[photo % 3] ?? null },
          by,
        ),
      );
    }
  }
  // A copy in the other folder, and a photo whose file has gone.
  const again = [...PATHS, 'Kopie.jpg'].map((path) => ({ path, size: 5, mtimeNs: 1n }));
  const [copy] = library.files.reconcile(2 as FolderId, again, [], 'ssd');
  library.files.link(copy!.id, 3 as PhotoId);
  library.files.reconcile(1 as FolderId, again.slice(1, 6), [], 'ssd');
}

const person = fc.integer({ min: 1, max: 4 }).map((id) => id as PersonId);
const least = fc.integer({ min: 0, max: 4 });
const atom: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('person' as const), person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('related' as const),
      is: fc.constantFrom(...RelationKind.options),
      person,
    }),
  },
  fc.record({
    kind: fc.constant('count' as const),
    least,
    most: fc.option(least),
  }),
  fc.record({
    kind: fc.constant('date' as const),
    from: fc.constantFrom(...DAYS),
    to: fc.constantFrom(...DAYS),
  }),
  fc.record({
    kind: fc.constant('months' as const),
    months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('folder' as const),
    folder: fc.constantFrom(1, 2, 3).map((id) => id as FolderId),
    under: fc.constantFrom('', 'Sommer', 'Sommer/See', 'sommer', 'MÜLLER'),
  }),
  fc.record({ kind: fc.constant('camera' as const), camera: fc.constantFrom(...CAMERAS, 'X') }),
  fc.record({ kind: fc.constant('text' as const), text: fc.constantFrom(...TEXTS) }),
  fc.constant({ kind: 'unnamed' as const }),
  fc.constant({ kind: 'check' as const }),
  fc.record({
    kind: fc.constant('photos' as const),
    photos: fc.uniqueArray(fc.integer({ min: 1, max: 40 }) as fc.Arbitrary<PhotoId>, {
      minLength: 1,
      maxLength: 9,
    }),
  }),
);
const query: fc.Arbitrary<Query> = fc.array(
  fc.record({ not: fc.boolean(), any: fc.array(atom, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 4 },
);

describe('a small library', () => {
  let library: Library;
  beforeAll(() => {
    library = openLibrary(join(folder, 'small.kith'));
    fill(library);
    act(library, () => {
      for (const name of ['Anna', 'Ben', 'Carl', 'Dora']) library.people.create(name);
    });
  });
  afterAll(() => library.close());

  /** What a face is: of a person, asked about, a verdict, or nothing. */
  const said = fc.constantFrom(1, 2, 3, 4, 'ask', 'ignored', 'not-a-face', null);

  /** Who is said to be what to whom. */
  const relations = fc.array(fc.tuple(person, fc.constantFrom(...RelationKind.options), person), {
    maxLength: 5,
  });

  it('finds what a plain reference finds, whoever is on the photos and related to whom', () => {
    const faces = library.search
      .list([], 0, 500)
      .items.flatMap(({ id }) => library.cards.faces.ofPhoto(id).map((card) => card.id));
    const lots = fc.array(said, { minLength: faces.length, maxLength: faces.length });
    /** Who is put on which photos, also where a face there is theirs. */
    const photo = fc.constantFrom(...library.search.list([], 0, 500).items.map(({ id }) => id));
    const puts = fc.array(fc.record({ photo, who: fc.integer({ min: 1, max: 3 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(
        lots,
        puts,
        relations,
        fc.array(query, { minLength: 5, maxLength: 5 }),
        (lot, put, between, queries) => {
          act(library, (entry) => {
            for (const { person, of } of library.relations.all()) library.relations.remove(person, of);
            for (const [one, is, other] of between)
              if (library.relations.allows(one, is, other)) library.relations.put(one, is, other);
            library.labels.clear(faces);
            for (const { photo: on, person: who } of library.presences.all()) library.presences.take(on, who);
            for (const { photo: on, who } of put) library.presences.put(on, who as PersonId);
            for (const [at, face] of faces.entries()) {
              const is = lot[at];
              if (typeof is === 'number') library.labels.give(is as PersonId, [face], [], entry);
              else if (is === 'ignored' || is === 'not-a-face')
                library.labels.put([face], { verdict: is, person: null, by: 'hand' }, entry);
            }
            const asked = faces.filter((_, at) => lot[at] === 'ask');
            library.labels.suggest(asked.map((face) => ({ face, person: 1 as PersonId, probability: 0.5 })));
          });
          const reference = new SearchReference(library.file);
          for (const one of queries) expect(found(library, one)).toEqual(reference.find(one));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('tells months in the order of the list, and the photos beside one', () => {
    fc.assert(
      fc.property(query, (one) => {
        const { items } = library.search.list(one, 0, 500);
        const months = library.search.months(one);
        const expected = items.map(({ takenAt }) => takenAt?.slice(0, 7) ?? null);
        expect(months.flatMap(({ month, photos }) => new Array(photos).fill(month))).toEqual(expected);
        const ids = items.map(({ id }) => id);
        for (const [at, id] of ids.entries()) {
          expect(library.search.beside(one, id)).toEqual({
            previous: ids[at - 1] ?? null,
            next: ids[at + 1] ?? null,
          });
        }
        expect(library.search.beside(one, 99_999 as PhotoId)).toEqual({ previous: null, next: null });
        const dated = items.filter(({ takenAt }) => takenAt !== null);
        expect(library.search.newest(one)).toBe((dated.at(-1) ?? items.at(-1))?.id ?? null);
      }),
    );
  });

  it('sees what was changed since the same query was asked', () => {
    const anna: Query = [{ not: false, any: [{ kind: 'person', person: 1 as PersonId }] }];
    const [photo] = library.search.list(
      [{ not: false, any: [{ kind: 'count', least: 2, most: null }] }],
      0,
      1,
    ).items;
    const [face] = library.cards.faces.ofPhoto(photo!.id);
    act(library, () => library.labels.clear([face!.id]));
    const before = found(library, anna).length;
    act(library, (entry) => library.labels.give(1 as PersonId, [face!.id], [], entry));
    const after = found(library, anna);
    expect(after.find(({ id }) => id === photo!.id)?.matched).toContain(face!.id);
    library.journal.undo();
    expect(found(library, anna)).toHaveLength(before);
  });

  it('knows every folder, subfolder and camera that can be named', () => {
    const { people, folders, cameras, years } = library.search.vocabulary();
    expect(people.map(({ name }) => name)).toEqual(['Anna', 'Ben', 'Carl', 'Dora']);
    expect(folders.map(({ folder: id, under }) => `${id} ${under}`).toSorted()).toEqual(
      ['1 ', '1 MÜLLER', '1 Sommer', '1 Sommer/See', '1 Sommerfest', '1 mu\u0308ll']
        .concat(['2 ', '2 MÜLLER', '2 Sommer', '2 Sommer/See', '2 Sommerfest', '2 mu\u0308ll'])
        .toSorted(),
    );
    for (const { folder: id, under, photos } of folders) {
      expect(found(library, [{ not: false, any: [{ kind: 'folder', folder: id, under }] }])).toHaveLength(
        photos,
      );
    }
    for (const { camera, photos } of cameras) {
      expect(found(library, [{ not: false, any: [{ kind: 'camera', camera }] }])).toHaveLength(photos);
    }
    expect(years).toEqual([2019, 2020]);
  });
});

describe('a made library of 5,000 faces', () => {
  let library: Library;
  beforeAll(async () => {
    const file = join(folder, 'made.kith');
    const { personOf } = await makeLibrary(file, { faces: 5000, encoder: 'dlib' });
    library = openLibrary(file);
    const facesOf = (person: number) =>
      personOf.flatMap((of, face) => (face > 0 && of === person ? [face as FaceId] : []));
    act(library, (entry) => {
      for (const [at, name] of ['Anna', 'Ben', 'Carl'].entries())
        library.labels.give(library.people.create(name), facesOf(at), [], entry);
      // On every seventh photo somebody stands with their back to the camera.
      for (const { id } of library.search.list([], 0, 5000).items)
        if (id % 7 === 0) library.presences.put(id, ((id % 3) + 1) as PersonId);
      for (const child of [2, 3]) library.relations.put(1 as PersonId, 'parent', child as PersonId);
    });
    library.labels.suggest(facesOf(3).map((face) => ({ face, person: 1 as PersonId, probability: 0.5 })));
  });
  afterAll(() => library.close());

  it('gives all searches as the plain reference does, and no statement of them reads all faces', () => {
    expect(Object.keys(SEARCHES).length).toBeGreaterThanOrEqual(34);
    const reference = new SearchReference(library.file);
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
    for (const [typed, one] of Object.entries(SEARCHES)) {
      const expected = reference.find(one);
      expect(found(library, one), typed).toEqual(expected);
      library.search.months(one);
    }
    const counts = Object.values(SEARCHES).map((one) => reference.find(one).length);
    // Only the search for what no photo has finds nothing.
    expect(counts.filter((count) => count === 0).length).toBeLessThanOrEqual(2);
    const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter(
      (sql) => !/^PRAGMA/.test(sql),
    );
    vi.restoreAllMocks();
    const asked = new DatabaseSync(library.file, { readOnly: true });
    const scans = statements.flatMap((sql) =>
      asked
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .filter(({ detail }) =>
          // Nor does any read all labels of a person for each photo.
          /^SCAN (faces|labels|crops|embeddings|seen|said)\b|^SEARCH said .*labels_by_person/.test(
            detail as string,
          ),
        )
        .map(({ detail }) => `${detail}: ${sql}`),
    );
    asked.close();
    expect(scans).toEqual([]);
  });
});
