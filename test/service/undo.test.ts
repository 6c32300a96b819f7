import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { StoredMetric } from '../../electron/library/metrics.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';

// Undo and redo on a real SQLite file. What a hand decides is all that is compared; ids are part of it.

let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-undo-'));
  library = openLibrary(join(folder, 'library.kith'));
  for (let photo = 0; photo < 8; photo++) {
    library.photos.record(madeAnalysis(photo, 3), { detector: 'ssd', encoder: 'dlib' });
  }
  const faces = Array.from({ length: 24 }, (_, i) => (i + 1) as FaceId);
  const groups = [faces.slice(0, 9), faces.slice(9, 14), faces.slice(14, 16)];
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** Every row that the journal watches. What faces know of their labels must be true in every state. */
function record(): string {
  const sqlite = new DatabaseSync(library.file, { readOnly: true });
  const wrong =
    'SELECT id FROM faces WHERE labelled <> EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id)';
  expect(sqlite.prepare(wrong).all()).toEqual([]);
  const tables = {
    people: 'SELECT * FROM people ORDER BY id',
    labels: 'SELECT * FROM labels ORDER BY face_id',
    refusals: 'SELECT * FROM refusals ORDER BY face_id, person_id',
    groups: 'SELECT * FROM groups ORDER BY id',
    faces: 'SELECT id, group_id, withdrawn FROM faces ORDER BY id',
    photos: 'SELECT id, several FROM photos ORDER BY id',
    metrics: 'SELECT * FROM metrics ORDER BY encoder',
  };
  const rows = Object.entries(tables).map(([name, sql]) => [name, sqlite.prepare(sql).all()]);
  sqlite.close();
  return JSON.stringify(rows);
}

const face = fc.integer({ min: 1, max: 24 }).map((id) => id as FaceId);
const some = fc.uniqueArray(face, { minLength: 1, maxLength: 6 });
/** Picks one out of however many there are then. */
const pick = fc.nat({ max: 1000 });

const action = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), pick }),
  fc.record({ kind: fc.constant('name' as const), some, pick }),
  fc.record({ kind: fc.constant('sure' as const), some, pick }),
  fc.record({
    kind: fc.constant('mark' as const),
    some,
    as: fc.constantFrom('ignored' as const, 'not-a-face' as const),
  }),
  fc.record({ kind: fc.constant('clear' as const), some }),
  fc.record({ kind: fc.constant('refuse' as const), some, pick }),
  fc.record({ kind: fc.constant('rename' as const), pick }),
  fc.record({ kind: fc.constant('birth' as const), pick }),
  fc.record({ kind: fc.constant('hide' as const), pick }),
  fc.record({ kind: fc.constant('cover' as const), pick, face }),
  fc.record({ kind: fc.constant('merge' as const), pick, other: pick }),
  fc.record({ kind: fc.constant('remove' as const), pick }),
  fc.record({ kind: fc.constant('split' as const), some }),
  fc.record({ kind: fc.constant('join' as const), pick, other: pick }),
  fc.record({ kind: fc.constant('hide-group' as const), pick }),
  fc.record({
    kind: fc.constant('several' as const),
    photo: fc.integer({ min: 1, max: 8 }),
    on: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('withdraw' as const) }),
  fc.record({ kind: fc.constant('learn' as const), pick }),
  fc.record({ kind: fc.constant('unlearn' as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

let names = 0;

function act(step: Action): void {
  const people = library.people.all();
  const groups = library.cards.people.groups(false, 0, 100).items.map(({ id }) => id);
  const person = (at: number): PersonId | null => people[at % people.length]?.id ?? null;
  const group = (at: number) => groups[at % groups.length]!;
  library.journal.act({ action: step.kind, detail: {}, by: 'hand' }, (entry) => {
    switch (step.kind) {
      case 'create':
        library.people.create(`Person ${++names}`);
        break;
      case 'name': {
        const who = person(step.pick) ?? library.people.create(`Person ${++names}`);
        library.labels.put(step.some, { verdict: 'person', person: who, by: 'hand' }, entry);
        break;
      }
      case 'sure': {
        const who = person(step.pick);
        if (who !== null) {
          const named = step.some.map((id) => ({ face: id, person: who, probability: 0.9991 + id / 1e6 }));
          library.labels.putSure(named, entry);
        }
        break;
      }
      case 'mark':
        library.labels.put(step.some, { verdict: step.as, person: null, by: 'hand' }, entry);
        break;
      case 'clear':
        library.labels.clear(step.some);
        break;
      case 'refuse': {
        const who = person(step.pick);
        if (who !== null) library.labels.refuse(step.some, who);
        break;
      }
      case 'rename': {
        const who = person(step.pick);
        if (who !== null) library.people.rename(who, `Renamed ${++names}`);
        break;
      }
      case 'birth': {
        const who = person(step.pick);
        if (who !== null) library.people.setBirth(who, `19${10 + (step.pick % 90)}-01-01`);
        break;
      }
      case 'hide': {
        const who = person(step.pick);
        if (who !== null) library.people.setHidden(who, step.pick % 2 === 0);
        break;
      }
      case 'cover': {
        const who = person(step.pick);
        if (who !== null) library.people.setCover(who, step.face);
        break;
      }
      case 'merge': {
        const [from, into] = [person(step.pick), person(step.other)];
        if (from !== null && into !== null && from !== into) library.people.merge(from, into);
        break;
      }
      case 'remove': {
        const who = person(step.pick);
        if (who !== null) library.people.remove(who);
        break;
      }
      case 'split':
        library.groups.move(step.some, library.groups.create());
        break;
      case 'join':
        if (groups.length > 1) library.groups.merge([group(step.pick)], group(step.other));
        break;
      case 'hide-group':
        if (groups.length > 0) library.groups.setHidden([group(step.pick)], step.pick % 2 === 0);
        break;
      case 'several':
        library.photos.setSeveral(step.photo as PhotoId, step.on);
        break;
      case 'withdraw': {
        const [found] = madeAnalysis(99, 1).faces;
        library.faces.show(
          library.faces.addDrawn(1 as PhotoId, found!, { detector: 'ssd', encoder: 'dlib' }),
        );
        break;
      }
      case 'learn':
        library.metrics.put('dlib', madeMetric(step.pick));
        break;
      case 'unlearn':
        library.metrics.forget('dlib');
        break;
    }
  });
}

function madeMetric(pick: number): StoredMetric {
  const figures = { doubt: pick / 1234.567, tarAtFar: { '0.001': 0.1 * pick, '0.01': 0.2 * pick } };
  return {
    ...{ size: 3, rank: 2, shift: -pick / 7, into: new Float32Array(6).fill(0.1) },
    out: Float32Array.from({ length: 6 }, (_, i) => (i + pick) / 3),
    learning: {
      ...{
        encoder: 'dlib',
        loss: 'triplet',
        faces: 50,
        people: 5,
        adopted: true,
        reason: 'better',
        seconds: 1,
      },
      ...{ pairs: { genuine: 1, impostor: 2 }, gain: { mean: 1, low: 0, high: 2 } },
      ...{ before: figures, after: figures },
    },
  };
}

it('gives back the very record when 200 random actions are undone, and the end when they are done again', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 200, maxLength: 200 }), fc.nat(199), (steps, reopenAt) => {
      const drawn = () => library.cards.faces.ofPhoto(1 as PhotoId).length;
      const before = record();
      const faces = drawn();
      for (const step of steps) act(step);
      const after = record();
      let undone = 0;
      while (library.journal.undo() !== null) {
        // Undo does not end where the program does.
        if (++undone === reopenAt) {
          library.close();
          library = openLibrary(library.file);
        }
      }
      expect(drawn()).toBe(faces);
      expect(known(record())).toBe(known(before));
      while (library.journal.redo() !== null);
      expect(record()).toBe(after);
      while (library.journal.undo() !== null);
    }),
    { numRuns: 8 },
  );

  /** Faces that were drawn stay behind when their drawing is undone, withdrawn from every screen. */
  function known(rows: string): string {
    return JSON.stringify(
      JSON.parse(rows, (key, value) =>
        Array.isArray(value) && key === '1' ? value.filter((row) => row?.withdrawn !== 1) : value,
      ),
    );
  }
}, 120_000);

it('forgets what was undone once something else is done, and keeps no entry that changed nothing', () => {
  const who = library.journal.act({ action: 'create', detail: {}, by: 'hand' }, () =>
    library.people.create('Anna'),
  );
  expect(library.journal.undo()?.id).toBe(who.entry);
  library.journal.act({ action: 'create', detail: {}, by: 'hand' }, () => library.people.create('Ben'));
  expect(library.journal.redo()).toBeNull();
  const nothing = library.journal.act({ action: 'clear', detail: {}, by: 'hand' }, () =>
    library.labels.clear([]),
  );
  expect(nothing.entry).toBeNull();
  expect(library.journal.list(0, 10).items).toHaveLength(1);
});

it('undoes what was done before a scan that took some of the faces away', () => {
  const { result: anna } = library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    const person = library.people.create('Anna');
    library.labels.putSure([{ face: 2 as FaceId, person, probability: 0.9995 }], entry);
    library.labels.put([1 as FaceId], { verdict: 'person', person, by: 'hand' }, entry);
    return person;
  });
  library.journal.act({ action: 'remove', detail: {}, by: 'hand' }, () => library.people.remove(anna));
  // Another detector finds nothing on the first photo any more.
  library.photos.record(
    { ...madeAnalysis(0, 0), hash: madeAnalysis(0, 3).hash },
    { detector: 'haar', encoder: 'dlib' },
  );
  expect(library.journal.undo()?.action).toBe('remove');
  expect(library.people.get(anna).name).toBe('Anna');
  expect(library.labels.all()).toEqual([]);
});
