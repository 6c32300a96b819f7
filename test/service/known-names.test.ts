import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { KnownNames } from '../../electron/service/known-names.ts';
import { Naming } from '../../electron/service/naming.ts';
import { madeLibrary } from '../fixtures/made-library.ts';

// What is held in memory of names is what the record says, whatever way it changed.

let folder: string;
let library: Library;
let people: number[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-names-'));
  library = openLibrary(join(folder, 'library.kith'));
  const made = await madeLibrary({ faces: 160, encoder: 'dlib' });
  made.fill(library, 160);
  people = made.personOf;
  library.labelChanges.watch();
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

const some = fc.uniqueArray(fc.integer({ min: 1, max: 160 }), { minLength: 1, maxLength: 8 });
const pick = fc.nat(99);
const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('hand' as const, 'sure' as const, 'refuse' as const, 'kept-not' as const),
    some,
    pick,
  }),
  fc.record({ kind: fc.constantFrom('ignore' as const, 'clear' as const), some }),
  fc.record({ kind: fc.constantFrom('merge' as const, 'remove' as const), pick }),
  fc.record({
    kind: fc.constantFrom('undo' as const, 'redo' as const, 'elsewhere' as const, 'read' as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class NotKept extends Error {}

function act(step: Step): void {
  const { labels, people: persons, journal } = library;
  const all = persons.all().map(({ id }) => id);
  const person = (at: number) =>
    all[at % (all.length + 1)] ?? persons.create(`Person ${all.length + 1}.${at}.${Math.random()}`);
  const during = (work: (entry: Parameters<Parameters<typeof journal.act>[1]>[0]) => void) =>
    journal.act({ action: step.kind, detail: {}, by: 'hand' }, work);
  switch (step.kind) {
    case 'hand':
      during((entry) => labels.give(person(step.pick), step.some as FaceId[], [], entry));
      break;
    case 'sure':
      during((entry) => {
        const who = person(step.pick);
        labels.putSure(
          step.some.map((face) => ({ face: face as FaceId, person: who, probability: 0.9995 })),
          entry,
        );
      });
      break;
    case 'refuse':
      during(() => labels.refuse(step.some as FaceId[], person(step.pick)));
      break;
    case 'ignore':
      during((entry) =>
        labels.put(step.some as FaceId[], { verdict: 'ignored', person: null, by: 'hand' }, entry),
      );
      break;
    case 'clear':
      during(() => labels.clear(step.some as FaceId[]));
      break;
    case 'merge':
      if (all.length > 1)
        during(() => library.merging.merge(all[step.pick % all.length]!, all[(step.pick + 1) % all.length]!));
      break;
    case 'remove':
      if (all.length > 0) during(() => persons.remove(all[step.pick % all.length]!));
      break;
    case 'undo':
      journal.undo();
      break;
    case 'redo':
      journal.redo();
      break;
    case 'kept-not':
      try {
        library.transaction(() => {
          during((entry) => labels.give(person(step.pick), step.some as FaceId[], [], entry));
          held().read();
          throw new NotKept();
        });
      } catch (error) {
        if (!(error instanceof NotKept)) throw error;
      }
      break;
    case 'elsewhere': {
      const other = openLibrary(library.file);
      other.journal.undo();
      other.close();
      break;
    }
    case 'read':
      break;
  }
}

let names: KnownNames | null = null;
const faceIds = Array.from({ length: 160 }, (_, at) => (at + 1) as FaceId);
const quality = Float32Array.from(faceIds, (id) => (id % 5 === 0 ? 0.2 : 0.9));
const fresh = () => new KnownNames(library, faceIds, quality, 0.5);
function held(): KnownNames {
  names ??= fresh();
  return names;
}

it('is read again where a label has changed, by any command, undone, rolled back or written by another process', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      for (const step of steps) {
        act(step);
        // Another reader of the changes must not take them away.
        if (step.kind === 'read') continue;
        expect(held().read()).toEqual(fresh().read());
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('gives a naming that is kept in memory the same result as a new one', async () => {
  library.groups.replace(
    [...Map.groupBy(faceIds, (id) => people[id]!).values()].filter((faces) => faces.length > 1),
    { encoder: 'dlib', method: 'made' },
    library.groups.state(),
  );
  const calibration = calibrationOf('dlib');
  const levels = { sure: 0.999, ask: 0.01 };
  // Products of single and of double precision differ in the seventh digit.
  const suggestions = () =>
    JSON.stringify(library.questions.suggested(), (key, value) =>
      key === 'probability' ? value.toFixed(3) : value,
    );
  const steady = new Naming(library, 'dlib', calibration);
  await steady.faces.prepare();
  const { journal, labels } = library;
  for (let who = 0; who < 6; who++) {
    const mine = faceIds.filter((id) => people[id] === who);
    journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
      labels.give(library.people.create(`Person ${who}`), mine.slice(0, 1), mine.slice(1, 3), entry);
      steady.spread(levels, entry);
    });
    if (who % 3 === 2) journal.undo();
    if (who === 4)
      journal.act({ action: 'refuse', detail: {}, by: 'hand' }, () =>
        labels.refuse([mine[3]!], library.people.all()[0]!.id),
      );
    await steady.faces.prepare();
    steady.refresh(levels);
    const before = suggestions();
    const other = new Naming(library, 'dlib', calibration);
    await other.faces.prepare();
    other.refresh(levels);
    expect(before).toBe(suggestions());
    expect(before).not.toBe('[]');
  }
});

it('lets a face be labelled twice before the changes are read, also twice in one list', () => {
  const [one, two] = [1 as FaceId, 2 as FaceId];
  const taken = library.labelChanges.take(null);
  library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    const anna = library.people.create('Anna');
    library.labels.putSure([{ face: one, person: anna, probability: 0.9995 }], entry);
    library.labels.put([one], { verdict: 'person', person: anna, by: 'hand' }, entry);
    library.labels.put([two, two], { verdict: 'ignored', person: null, by: 'hand' }, entry);
  });
  expect(library.labels.of([one, two]).map(({ by }) => by)).toEqual(['hand', 'hand']);
  expect(library.labelChanges.take(taken.state).faces).toEqual([one, two]);
});
