import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { Naming } from '../../electron/service/naming.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// What matching holds in memory is the record's present state, whatever the user does: the whole application on a made
// library of five people, against matching that reads the same file for the first time.

const FACES = 12;
let folder: string;
let ids: FaceId[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-matching-'));
  const library = openLibrary(join(folder, 'kept.kith'));
  const { vectors, size, person, quality } = madeFaces(new Array<number>(5).fill(FACES), {
    spread: 0.32,
    seed: 3,
  });
  ids = recordFaces(library, { vectors, size, quality, people: person });
  const groups = Array.from({ length: 10 }, (_, at) =>
    ids.slice((at * FACES) / 2, ((at + 1) * FACES) / 2 - 1),
  );
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Whom Kith would ask about, and how likely each is. */
function suggestions(file: string): Record<string, [person: number, probability: number]> {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const rows = sqlite
    .prepare(
      `SELECT suggestions.* FROM suggestions WHERE face_id NOT IN (SELECT face_id FROM labels) ORDER BY face_id`,
    )
    .all();
  sqlite.close();
  return Object.fromEntries(
    rows.map((row) => [
      row.face_id,
      [row.person_id as number, Math.round((row.probability as number) * 1e6)],
    ]),
  );
}

/** The same of matching that has never seen the file. */
async function afresh(file: string): Promise<ReturnType<typeof suggestions>> {
  const copy = join(folder, 'copy.kith');
  rmSync(copy, { force: true });
  const from = new DatabaseSync(file);
  from.prepare('VACUUM INTO ?').run(copy);
  from.close();
  const library = openLibrary(copy);
  const naming = new Naming(library, 'dlib', calibrationOf('dlib'));
  await naming.faces.prepare();
  naming.refresh({ sure: 0.999, ask: 0.1 });
  library.close();
  return suggestions(copy);
}

const pick = fc.nat(1000);
const some = fc.uniqueArray(fc.nat(5 * FACES - 1), { minLength: 1, maxLength: 4 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('name' as const), some, pick }) },
  fc.record({ kind: fc.constant('move' as const), some, pick }),
  fc.record({ kind: fc.constant('merge' as const), pick, other: pick }),
  fc.record({ kind: fc.constant('split' as const), some }),
  fc.record({ kind: fc.constant('regroup' as const) }),
  fc.record({ kind: fc.constant('several' as const), pick }),
  fc.record({
    kind: fc.constant('mark' as const),
    some,
    as: fc.constantFrom('ignored' as const, 'not-a-face' as const, 'nothing' as const),
  }),
  fc.record({ kind: fc.constant('refuse' as const), some, pick }),
  fc.record({ kind: fc.constant('birth' as const), pick }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('redo' as const), pick }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function act(app: App, one: Step): Promise<unknown> {
  const faces = 'some' in one ? one.some.map((at) => ids[at]!) : [];
  const people = (await app.call('people.list', {})).items.map(({ id }) => id);
  const groups = [...new Set((await app.call('faces.get', { ids })).flatMap(({ group }) => group ?? []))];
  const person = (at: number) => people[at % people.length] as PersonId;
  const group = (at: number) => groups[at % groups.length] as GroupId;
  switch (one.kind) {
    case 'name':
      return app.call('name', { faces, name: `Person ${one.pick % 6}`, merge: true });
    case 'move':
      return app.call('groups.move', {
        faces,
        to: one.pick % 3 === 0 || groups.length === 0 ? null : group(one.pick),
      });
    case 'merge':
      return (
        groups.length < 2 ||
        group(one.pick) === group(one.other) ||
        app.call('groups.merge', { groups: [group(one.pick), group(one.other)] })
      );
    case 'split':
      return app.call('people.split', { faces });
    case 'regroup':
      return app.call('groups.regroup', {});
    case 'several':
      return app.call('photos.several', {
        id: ((one.pick % 60) + 1) as PhotoId,
        several: one.pick % 2 === 0,
      });
    case 'mark':
      return app.call('faces.mark', { faces, as: one.as });
    case 'refuse':
      return people.length === 0 || app.call('faces.refuse', { faces, person: person(one.pick) });
    case 'birth':
      return (
        people.length === 0 ||
        app.call('people.birth', { id: person(one.pick), birth: `19${10 + (one.pick % 90)}-01-01` })
      );
    default: {
      const { items } = await app.call('journal.list', {});
      const open = items.filter(({ state }) => state === (one.kind === 'undo' ? 'done' : 'undone'));
      if (open.length === 0) return null;
      const entry = open[one.pick % open.length]!.id as EntryId;
      return app.call(one.kind === 'undo' ? 'journal.undo' : 'journal.redo', { entry });
    }
  }
}

it('asks after every command what it would ask if it had just read the record', async () => {
  let made = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }), async (steps) => {
      const libraryFile = join(folder, `${++made}.kith`);
      copyFileSync(join(folder, 'kept.kith'), libraryFile);
      const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
      try {
        for (const one of steps) {
          await act(app, one);
          const held = suggestions(libraryFile);
          asked += Object.keys(held).length;
          expect(held).toEqual(await afresh(libraryFile));
        }
      } finally {
        await app.close();
      }
    }),
    { numRuns: 12, seed: Number(process.env.KITH_SEED ?? 1) },
  );
  expect(asked).toBeGreaterThan(0);
}, 300_000);

it('takes the confirmation of faces that Kith has just named, also of one that is listed twice', async () => {
  const libraryFile = join(folder, 'sure.kith');
  const library = openLibrary(libraryFile);
  const made = madeFaces([FACES, FACES], { spread: 0.1, seed: 2 });
  const faces = recordFaces(library, {
    ...{ vectors: made.vectors, size: made.size, quality: made.quality, people: made.person },
  });
  library.groups.replace([], { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  try {
    const named = await app.call('name', { faces: faces.slice(0, 3), name: 'Anna' });
    if (named.kind !== 'named') throw new Error('Expected a new name');
    expect(named.ledger.sure).toBe(FACES - 3);
    const person = named.ledger.person.id;
    const confirmed = await app.call('faces.confirm', { faces: [faces[5]!, faces[6]!, faces[5]!], person });
    expect(confirmed.ledger).toMatchObject({ sure: FACES - 5 });
    const [card] = await app.call('faces.get', { ids: [faces[5]!] });
    expect(card).toMatchObject({ status: 'confirmed', person: { name: 'Anna' } });
    // The naming is undone together with what was confirmed of it.
    const { blockers } = await app.call('journal.undo', { entry: named.ledger.entry! });
    expect(blockers.map(({ id }) => id)).toEqual([confirmed.ledger.entry]);
    const together = { entry: named.ledger.entry!, with: blockers.map(({ id }) => id) };
    expect((await app.call('journal.undo', together)).entry?.state).toBe('undone');
    expect((await app.call('people.list', {})).total).toBe(0);
  } finally {
    await app.close();
  }
});
