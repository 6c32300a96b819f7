import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { fitCalibration } from '../../electron/grouping/calibrate.ts';
import type { Confirmed } from '../../electron/grouping/metric-trial.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { shuffled } from '../../electron/grouping/random.ts';
import { distanceOf } from '../../electron/grouping/similarity.ts';
import { tarAtFar } from '../../electron/grouping/verification.ts';
import type { Library } from '../../electron/library/open.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { forgetMetric, learningState, learnMetric } from '../../electron/service/learn.ts';
import { loadEmbeddings } from '../../electron/service/load-embeddings.ts';
import { Naming } from '../../electron/service/naming.ts';
import { ownCalibration } from '../../electron/service/own-calibration.ts';
import { facesWithNuisance } from '../fixtures/nuisance.ts';
import { random } from '../fixtures/random.ts';
import { nameFaces, recordFaces } from '../fixtures/recorded-faces.ts';
import { makePlace, withLibrary } from './support/place.ts';

// Learning runs seven times, in a thread of its own, beside other tests.
vi.setConfig({ testTimeout: 120_000 });

const PEOPLE = 8;
const OF_EACH = 12;
/** Of each person's faces so many are named. */
const NAMED = 8;

const encoder = 'dlib';
const made = facesWithNuisance(new Array<number>(PEOPLE).fill(OF_EACH));
const isNamed = (row: number) => row % OF_EACH < NAMED;
const calibration = calibrationFrom(made);

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** What distances mean among such faces. */
function calibrationFrom({ vectors, size, people }: Confirmed) {
  const pairs = Array.from(people).flatMap((person, a) =>
    Array.from({ length: people.length - a - 1 }, (_, at) => {
      const b = a + 1 + at;
      let dot = 0;
      for (let i = 0; i < size; i++) dot += vectors[a * size + i]! * vectors[b * size + i]!;
      return { distance: distanceOf(dot), quality: 1, genuine: person === people[b] };
    }),
  );
  return { ...fitCalibration(pairs), qualitySlope: 0, link: 3, founder: 0.1 };
}

/** A library of made faces, grouped, some of each person's named. */
async function madeLibrary(library: Library): Promise<FaceId[]> {
  const faces = recordFaces(library, made);
  await groupLibrary({ library, encoder, calibration });
  const rows = faces.map((_, row) => row).filter(isNamed);
  nameFaces(
    library,
    rows.map((row) => faces[row]!),
    rows.map((row) => made.people[row]!),
  );
  return faces;
}

/** Share of pairs of an unnamed face and a named one of its person that are accepted with 1 % of the others, as seen. */
async function accepted(library: Library): Promise<number> {
  const { table } = await loadEmbeddings(library, encoder, plainProduct);
  const { vectors } = table;
  const persons = new Map(library.labels.examples().map(({ face, person }) => [face, person]));
  // Ids follow the order in which faces were made.
  const ids = table.faceIds.toSorted((a, b) => a - b);
  const truth = (face: FaceId) => made.people[ids.indexOf(face)]!;
  const trials = table.faceIds.flatMap((one, a) =>
    persons.has(one)
      ? []
      : table.faceIds.flatMap((other, b) => {
          if (!persons.has(other)) return [];
          let dot = 0;
          for (let i = 0; i < table.size; i++) {
            dot += vectors[a * table.size + i]! * vectors[b * table.size + i]!;
          }
          return [{ distance: distanceOf(dot), genuine: truth(one) === truth(other) }];
        }),
  );
  return tarAtFar(trials, 0.01);
}

/** What naming thinks of everybody who has no name. */
async function opinions(library: Library): Promise<unknown[]> {
  const naming = new Naming(library, encoder, calibration);
  await naming.faces.prepare();
  naming.refresh({ sure: 0.999, ask: 0.01 });
  const sqlite = new DatabaseSync(library.file, { readOnly: true });
  try {
    return sqlite.prepare('SELECT face_id, person_id, probability FROM suggestions ORDER BY face_id').all();
  } finally {
    sqlite.close();
  }
}

const groupsOf = (library: Library) =>
  new Map(library.faces.ofFolder(library.files.folder('/made')).map(({ id, group }) => [id, group] as const));

test('A metric that helps is adopted, finds people better, moves no face that the user labelled or that is in a group, and can be undone.', async () => {
  await withLibrary(place.file, async (library) => {
    await madeLibrary(library);
    const before = { groups: groupsOf(library), labels: library.labels.all() };
    const frozen = { accepted: await accepted(library), opinions: await opinions(library) };
    expect(learningState(library, encoder)).toMatchObject({
      faces: PEOPLE * NAMED,
      people: PEOPLE,
      metric: null,
    });

    const { learning, curves } = await learnMetric({ library, encoder, loss: 'triplet' });
    expect(learning).toMatchObject({ adopted: true, reason: 'better', loss: 'triplet', encoder });
    expect(learning).toMatchObject({ faces: PEOPLE * NAMED, people: PEOPLE });
    expect(learning.after.doubt).toBeLessThan(learning.before.doubt);
    expect(curves.loss.at(-1)!).toBeLessThan(curves.loss[0]!);
    expect(learningState(library, encoder).metric).toEqual(learning);

    const learned = { accepted: await accepted(library), opinions: await opinions(library) };
    // Faces that the user has not named, and that the metric was not learned from.
    expect(learned.accepted).toBeGreaterThan(frozen.accepted + 0.1);
    expect(learned.opinions).not.toEqual(frozen.opinions);
    expect(groupsOf(library)).toEqual(before.groups);
    expect(library.labels.all()).toEqual(before.labels);

    expect(library.journal.undo().entry).toMatchObject({ action: 'learn', detail: { loss: 'triplet' } });
    expect(learningState(library, encoder).metric).toBeNull();
    expect(await opinions(library)).toEqual(frozen.opinions);
    library.journal.redo();
    expect(learningState(library, encoder).metric).toEqual(learning);
    expect(await opinions(library)).toEqual(learned.opinions);

    const metric = library.metrics.get(encoder)!;
    library.metrics.put(encoder, { ...metric, alignment: 'of another version' });
    expect(learningState(library, encoder).metric).toBeNull();
    expect(await opinions(library)).toEqual(frozen.opinions);
    library.metrics.put(encoder, metric);

    await groupLibrary({ library, encoder, calibration });
    for (const [face, group] of before.groups) {
      if (group !== null) expect(groupsOf(library).get(face)).toBe(group);
    }

    expect(forgetMetric(library, encoder)).toBe(true);
    expect(forgetMetric(library, encoder)).toBe(false);
    expect(library.metrics.get(encoder)).toBeNull();
  });
});

test('A naming that is held sees faces anew as soon as something was learned, and as before when that is undone.', async () => {
  await withLibrary(place.file, async (library) => {
    await madeLibrary(library);
    const sight = async () => {
      const loaded = await loadEmbeddings(library, encoder, plainProduct);
      const { table, own, nearest } = loaded;
      return {
        ...{ vectors: table.vectors, own: own.vectors, nearest },
        calibration: await ownCalibration(library, encoder, loaded, calibration),
      };
    };
    const states = [library.groups.state()];
    const before = await sight();
    expect(before.vectors).toEqual(before.own);
    await learnMetric({ library, encoder, loss: 'contrastive' });
    states.push(library.groups.state());
    const after = await sight();
    expect(after.vectors).not.toEqual(before.vectors);
    expect(after.nearest).not.toEqual(before.nearest);
    expect(after.own).toEqual(before.own);
    expect(after.calibration.slope).toBe(before.calibration.slope);
    // Never more lenient than before.
    expect(after.calibration.intercept).toBeLessThanOrEqual(before.calibration.intercept);
    library.journal.undo();
    states.push(library.groups.state());
    expect(new Set(states).size).toBe(3);
    expect(await sight()).toEqual(before);
  });
});

test('In a large library too, where faces are looked at in a thread and what is nearest to each is kept.', async () => {
  await withLibrary(place.file, async (library) => {
    await madeLibrary(library);
    const others = facesWithNuisance(new Array<number>(500).fill(1), { seed: 7 });
    recordFaces(library, others, 'b');
    await groupLibrary({ library, encoder, calibration });
    const before = { opinions: await opinions(library), groups: groupsOf(library) };
    const { learning } = await learnMetric({ library, encoder, loss: 'triplet' });
    expect(learning).toMatchObject({ adopted: true, faces: PEOPLE * NAMED });
    const learned = await opinions(library);
    expect(learned).not.toEqual(before.opinions);
    expect(await opinions(library)).toEqual(learned);
    library.journal.undo();
    expect(await opinions(library)).toEqual(before.opinions);
    library.journal.redo();
    expect(await opinions(library)).toEqual(learned);
    const held = library.groups.held();
    expect(held.size).toBeGreaterThan(0);
    await groupLibrary({ library, encoder, calibration });
    for (const [face, group] of before.groups) {
      if (group !== null && held.has(group)) expect(groupsOf(library).get(face)).toBe(group);
    }
  });
});

test('Names that have nothing to do with faces teach nothing, and what was learned before by other names goes.', async () => {
  await withLibrary(place.file, async (library) => {
    const faces = await madeLibrary(library);
    await learnMetric({ library, encoder, loss: 'triplet' });
    nameFaces(library, faces, shuffled(Array.from(made.people), random(2)));
    const { learning } = await learnMetric({ library, encoder, loss: 'contrastive' });
    expect(learning).toMatchObject({ adopted: false, reason: 'labels-disagree' });
    expect(learningState(library, encoder).metric).toMatchObject({ loss: 'triplet' });
    await learnMetric({ library, encoder, loss: 'triplet' });
    expect(learningState(library, encoder).metric).toBeNull();
    expect(library.journal.list(0, 1).items[0]).toMatchObject({ action: 'unlearn' });
  });
});

test('Fewer than 50 confirmed faces, or 5 people, are refused in words; names that Kith gave do not count.', async () => {
  await withLibrary(place.file, async (library) => {
    const faces = recordFaces(library, made);
    nameFaces(library, faces.slice(0, 49), Array.from(made.people).slice(0, 49));
    library.journal.act({ action: 'arrive', detail: {}, by: 'kith' }, (entry) => {
      const person = library.people.all()[0]!.id;
      library.labels.putSure([{ face: faces[90]!, person, probability: 0.9999 }], entry);
    });
    const learning = () => learnMetric({ library, encoder, loss: 'triplet' });
    await expect(learning()).rejects.toMatchObject({
      code: 'bad-request',
      detail: expect.stringMatching(/50 confirmed faces of 5 people.*49 of 5/),
    });
    nameFaces(library, faces.slice(0, 48), new Array<number>(48).fill(0));
    nameFaces(library, faces.slice(48, 96), new Array<number>(48).fill(1));
    await expect(learning()).rejects.toMatchObject({ detail: expect.stringMatching(/96 of 2/) });
    expect(learningState(library, encoder)).toMatchObject({ faces: 96, people: 2, metric: null });
  });
});
