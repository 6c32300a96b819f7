import { fork } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { Naming } from '../../electron/service/naming.ts';
import { MADE_CALIBRATION, madePhoto, madePool } from './support/made-pool.ts';
import { faults, makePlace, type RunOptions, scanAndGroup, withLibrary } from './support/place.ts';

// Labels that the user gave, in a real SQLite file, through all that may happen to a library.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 120_000 });

const LEVELS = { sure: 0.999, ask: 0.1 };
const FACENET = { detector: 'ssd', encoder: 'facenet-512' } as const;

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  expect(faults(place.file)).toEqual([]);
  place.remove();
});

function run(options: Partial<RunOptions> = {}) {
  return withLibrary(place.file, (library) =>
    scanAndGroup(library, { folder: place.folder, pool: madePool(), ...options }),
  );
}

function putMany(count: number): void {
  for (let i = 0; i < count; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 4}`, `q${i % 3}`], `${i}`));
}

/** Labels of the user, with the group of each face, and refusals. */
function labelled() {
  return withLibrary(place.file, (library) => {
    const labels = library.labels.all().filter(({ by }) => by !== 'sure');
    const groups = new Map(
      library.cards.faces.get(labels.map(({ face }) => face)).map((card) => [card.id, card.group]),
    );
    const people = new Map(library.people.all().map(({ id, name }) => [id, name]));
    return {
      labels: labels.map(({ face, verdict, person, by }) => ({
        face,
        verdict,
        person: person && people.get(person),
        by,
      })),
      groups: labels.map(({ face }) => groups.get(face)),
      refusals: library.labels.refusals().map(({ face, person }) => [face, people.get(person)]),
    };
  });
}

/** Gives labels of every kind: a face and a group are named, one is ignored, one is no face, and one is refused. */
function say(): Promise<void> {
  return withLibrary(place.file, (library) => {
    library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
      const [anna, ben] = [library.people.create('Anna'), library.people.create('Ben')];
      const [first, second] = library.cards.people.groups(false, 0, 10).items;
      const [face, ...members] = library.questions.faces(first!.id);
      library.labels.give(anna, [face!], members, entry);
      const others = library.questions.faces(second!.id);
      library.labels.give(ben, others.slice(0, 1), [], entry);
      library.labels.put(others.slice(1, 2), { verdict: 'ignored', person: null, by: 'hand' }, entry);
      library.labels.put(others.slice(2, 3), { verdict: 'not-a-face', person: null, by: 'hand' }, entry);
      library.labels.refuse(others.slice(3, 4), ben);
      library.labels.refuse(others.slice(3, 4), anna);
    });
  });
}

describe('Names and refusals', () => {
  test('outlive a second scan, touched and moved files, and photos that come.', async () => {
    putMany(16);
    await run();
    await say();
    const before = await labelled();
    expect(before.labels.length).toBeGreaterThan(5);
    expect(before.refusals).toHaveLength(2);
    await run();
    expect(await labelled()).toEqual(before);
    utimesSync(join(place.folder, '0.jpg'), new Date(), new Date(2001, 0, 1));
    renameSync(join(place.folder, '1.jpg'), join(place.folder, 'moved.jpg'));
    renameSync(join(place.folder, '2.jpg'), join(place.root, 'away.jpg'));
    await run();
    renameSync(join(place.root, 'away.jpg'), join(place.folder, '2.jpg'));
    for (let i = 16; i < 40; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 5}`, `q${i % 3}`], `${i}`));
    await run();
    expect(await labelled()).toEqual(before);
  });

  test.each([
    ['sees the same places', 0.02],
    // IoU 0.25: none is found again where it was.
    ['sees none of the faces any more', 0.08],
  ])(
    'outlive a detector that %s, and an encoder that comes with it; examples stay examples.',
    async (_, shift) => {
      putMany(16);
      await run();
      await say();
      const before = await labelled();
      const names = { labels: before.labels, refusals: before.refusals };
      for (const setup of [
        { detector: 'yunet', encoder: 'dlib' },
        { detector: 'yunet', encoder: 'facenet-512' },
        { detector: 'haar', encoder: 'facenet-512' },
        { detector: 'ssd', encoder: 'dlib' },
      ] as const) {
        const size = setup.encoder === 'dlib' ? {} : { size: 8 };
        await run({ pool: madePool({ shift: setup.detector === 'ssd' ? 0 : shift, ...size }), setup });
        const now = await labelled();
        expect({ labels: now.labels, refusals: now.refusals }).toEqual(names);
        await withLibrary(place.file, (library) => {
          const known = new Set(library.embeddings.all(setup.encoder).faceIds);
          for (const { face, verdict } of before.labels)
            if (verdict === 'person') expect(known).toContain(face);
        });
      }
    },
  );

  test('outlive the way to another encoder and back.', async () => {
    putMany(16);
    await run();
    await say();
    const before = await labelled();
    await run({ pool: madePool({ size: 8 }), setup: FACENET });
    const { labels, refusals } = await labelled();
    expect({ labels, refusals }).toEqual({ labels: before.labels, refusals: before.refusals });
    await run();
    expect((await labelled()).labels).toEqual(before.labels);
  });

  test.each([
    ['a scan', ['dlib', '', 'ssd']],
    ['a change of encoder', ['facenet-512', '8', 'ssd']],
    ['another detector', ['dlib', '', 'yunet', '0.08']],
  ])('outlive kill -9 at any moment of %s.', async (_, words) => {
    putMany(24);
    await run();
    await say();
    const { labels, refusals } = await labelled();
    for (let i = 24; i < 48; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 4}`], `${i}`));
    for (let round = 0; round < 8; round++) {
      const child = fork(
        new URL('./support/scan-child.ts', import.meta.url),
        [place.folder, place.file, ...words],
        {
          execArgv: [],
        },
      );
      const ended = once(child, 'exit');
      await once(child, 'message');
      await Promise.race([ended, wait(5 + round * 12)]);
      child.kill('SIGKILL');
      await ended;
      expect(faults(place.file)).toEqual([]);
      const now = await labelled();
      expect({ labels: now.labels, refusals: now.refusals }).toEqual({ labels, refusals });
    }
  });

  test('that were given are there after kill -9, each whole, and can be undone one by one.', async () => {
    const faces = 80;
    for (let i = 0; i < faces / 2; i++) place.put(`${i}.jpg`, madePhoto([`p${i}`, `q${i}`], `${i}`));
    await run();
    for (let round = 0; round < 10; round++) {
      const child = fork(new URL('./support/name-child.ts', import.meta.url), [place.file, `${faces}`], {
        execArgv: [],
      });
      const ended = once(child, 'exit');
      let told = 0;
      child.on('message', (id) => {
        told = id as number;
      });
      await once(child, 'message');
      await Promise.race([ended, wait(Math.random() * 40)]);
      child.kill('SIGKILL');
      await ended;
      expect(faults(place.file)).toEqual([]);
      await withLibrary(place.file, (library) => {
        const labels = library.labels.all().length;
        // Every name that was reported is there, and at most one more, which was not reported yet.
        expect(labels).toBeGreaterThanOrEqual(told);
        expect(library.people.all()).toHaveLength(labels);
        expect(library.labels.refusals()).toHaveLength(labels);
        let undone = 0;
        while (library.journal.undo().entry !== null) undone++;
        expect(undone).toBe(labels);
        expect([library.labels.all(), library.labels.refusals(), library.people.all()]).toEqual([[], [], []]);
      });
    }
  });
});

const NAMES = ['anna', 'ben', 'carl', 'dora'];
const someone = fc.constantFrom(...NAMES);
/** Photos with up to four of four people, each once. */
const photos = fc.array(fc.uniqueArray(someone, { maxLength: 4 }), { minLength: 4, maxLength: 14 });

/** Names some faces and groups as the people on them, and lets Kith name all faces that are sure. */
async function nameSome(
  library: Library,
  who: (face: FaceId) => string,
  picks: readonly number[],
): Promise<void> {
  const naming = new Naming(library, 'dlib', MADE_CALIBRATION);
  await naming.faces.prepare();
  for (const pick of picks) {
    const groups = library.questions.groups(100);
    const { alone } = { alone: library.cards.faces.alone(0, 100).items.map(({ id }) => id) };
    const units = [...groups.map(({ group }) => library.questions.faces(group!)), ...alone.map((id) => [id])];
    const unit = units[pick % Math.max(1, units.length)];
    if (!unit) return;
    library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
      const person = library.people.named(who(unit[0]!))?.id ?? library.people.create(who(unit[0]!));
      library.labels.give(person, unit.slice(0, 1), unit.slice(1), entry);
      naming.spread(LEVELS, entry);
    });
  }
}

function onceOnEachPhoto(library: Library): void {
  const folder = library.cards.photos.folders()[0]!.id;
  const faces = library.faces.ofFolder(folder);
  const person = new Map(library.labels.all().map((label) => [label.face, label.person]));
  const pairs = (of: (face: (typeof faces)[number]) => PersonId | number | null | undefined) =>
    faces.flatMap((face) => (of(face) == null ? [] : [`${face.photoId} ${of(face)}`]));
  for (const seen of [pairs(({ group }) => group), pairs(({ id }) => person.get(id))]) {
    expect(new Set(seen).size).toBe(seen.length);
  }
}

test('With any names, no person is twice on a photo; new photos move no face that has a group or a name.', async () => {
  let salt = 0;
  await fc.assert(
    fc.asyncProperty(photos, photos, fc.array(fc.nat(30), { maxLength: 6 }), async (first, later, picks) => {
      const here = makePlace();
      try {
        const put = (list: readonly string[][]) => {
          for (const people of list) here.put(`${salt}.jpg`, madePhoto(people, `${salt++}`));
        };
        await withLibrary(here.file, async (library) => {
          const scan = () => scanAndGroup(library, { folder: here.folder, pool: madePool() });
          const who = (face: FaceId) =>
            Buffer.from(library.faces.crops([face])[0]!.jpeg)
              .toString()
              .slice('crop of '.length);
          put(first);
          const { folder } = await scan();
          await nameSome(library, who, picks);
          onceOnEachPhoto(library);
          const groups = new Map(library.faces.ofFolder(folder).map(({ id, group }) => [id, group]));
          const labels = library.labels.all();
          put(later);
          await scan();
          await nameSome(library, who, picks);
          onceOnEachPhoto(library);
          const now = new Map(library.faces.ofFolder(folder).map(({ id, group }) => [id, group]));
          for (const [face, group] of groups) if (group !== null) expect(now.get(face)).toBe(group);
          const after = new Map(library.labels.all().map((label) => [label.face, label]));
          for (const { face, person } of labels) expect(after.get(face)?.person).toBe(person);
        });
        expect(faults(here.file)).toEqual([]);
      } finally {
        here.remove();
      }
    }),
    { numRuns: 25 },
  );
});
