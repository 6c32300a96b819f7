import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CatalogCohort } from '../../electron/grouping/catalog-cohort.ts';
import { type Labels, matchReference } from '../../electron/grouping/match-reference.ts';
import { emptyState, type MatchState } from '../../electron/grouping/match-state.ts';
import type { LabelsByPerson } from '../../electron/grouping/matched-person.ts';
import { Matcher } from '../../electron/grouping/matcher.ts';
import type { Match } from '../../electron/grouping/matches.ts';
import {
  type Faces,
  type NormalisedGraph,
  normalisedGraph,
} from '../../electron/grouping/normalised-graph.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { random } from '../fixtures/random.ts';

/** With these, vectors of eight dimensions give some sure and many unsure candidates, and people who are near each other. */
const calibration = {
  ...calibrationOf('dlib'),
  ...{ intercept: 9, slope: -10 },
  match: {
    intercept: -9,
    slope: 12,
    knee: { from: 0.6, slope: 6 },
    lead: 4,
    inCluster: 1,
    gallery: 0.9,
    child: 1,
  },
  founder: 0.3,
};
const LEAST = 0.01;

/** A cohort of the catalog that changes offsets: people of the library are more alike than its level says. */
function cohort(size: number): CatalogCohort {
  return { means: madeFaces(new Array(20).fill(1), { size, seed: 9 }).vectors, level: -0.1 };
}

interface World {
  faces: Faces;
  graph: NormalisedGraph;
  days: Float64Array;
  several: Set<number>;
  person: number[];
}

/** Similar people, several on a photo, in clusters that are partly wrong. */
async function world({
  people,
  spread,
  seed,
}: {
  people: number[];
  spread: number;
  seed: number;
}): Promise<World> {
  const { vectors, size, person } = madeFaces(people, { size: 8, spread, seed });
  const next = random(seed);
  const n = person.length;
  const faces: Faces = {
    ...{ vectors, size },
    photo: Int32Array.from({ length: n }, (_, row) => 100 + ((row * 7) % Math.ceil(n / 2))),
    group: Int32Array.from(person, (who) => (next() < 0.3 ? 0 : next() < 0.1 ? 1 : 1 + who)),
    quality: Float32Array.from(person, () => (next() < 0.2 ? 0.1 : 0.9)),
    childhood: Float32Array.from(person, () => (next() < 0.3 ? 1 : 0)),
  };
  const graph = await normalisedGraph(faces, calibration, plainProduct, undefined, cohort(size));
  // Over sixty years, in which children grow up.
  const days = Float64Array.from(person, () => (next() < 0.2 ? Number.NaN : Math.floor(next() * 22_000)));
  return { faces, graph, days, several: new Set([101, 104]), person };
}

/** The user's commands. A number picks a row or a person, modulo their count. */
const pick = fc.nat(9999);
const command = fc.oneof(
  fc.record({ kind: fc.constant('name' as const), row: pick, as: pick }),
  fc.record({ kind: fc.constant('name-group' as const), row: pick, as: pick }),
  fc.record({ kind: fc.constant('truth' as const), row: pick }),
  fc.record({ kind: fc.constant('refuse' as const), row: pick, as: pick }),
  fc.record({ kind: fc.constant('ignore' as const), row: pick }),
  fc.record({ kind: fc.constant('clear' as const), row: pick }),
  fc.record({ kind: fc.constant('birth' as const), as: pick, day: fc.integer({ min: 0, max: 21_999 }) }),
  fc.record({ kind: fc.constant('remove' as const), as: pick }),
  fc.record({ kind: fc.constant('merge' as const), as: pick, into: pick }),
  fc.record({ kind: fc.constant('undo' as const), steps: fc.integer({ min: 1, max: 4 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/**
 * The record: person of each labelled row, 0: ignored; refusals as "row person"; births; and the keys of all people.
 */
interface Record {
  labels: Map<number, number>;
  refusals: Set<string>;
  births: Map<number, number>;
  people: number[];
}

const copyOf = ({ labels, refusals, births, people }: Record): Record => ({
  labels: new Map(labels),
  refusals: new Set(refusals),
  births: new Map(births),
  people: [...people],
});

/** The record after one more command. @param newKey key that no person has had, for a new person */
function after(
  before: Record,
  step: Exclude<Command, { kind: 'undo' }>,
  { faces, person }: World,
  newKey: number,
): Record {
  const record = copyOf(before);
  const rowOf = (at: number) => at % person.length;
  const who = (at: number): number => {
    const known = record.people[at % (record.people.length + 1)];
    if (known !== undefined) return known;
    if (!record.people.includes(newKey)) record.people.push(newKey);
    return newKey;
  };
  const give = (row: number, key: number) => {
    record.labels.set(row, key);
    record.refusals.delete(`${row} ${key}`);
  };
  switch (step.kind) {
    case 'name':
      give(rowOf(step.row), who(step.as));
      break;
    case 'name-group': {
      const key = who(step.as);
      const group = faces.group[rowOf(step.row)]!;
      faces.group.forEach((other, row) => {
        if (other === group && !record.labels.has(row)) give(row, key);
      });
      break;
    }
    case 'truth': {
      const row = rowOf(step.row);
      const samePerson = [...record.labels].find(([other, key]) => key > 0 && person[other] === person[row]);
      give(row, samePerson?.[1] ?? who(9999 * 7919));
      break;
    }
    case 'refuse': {
      const key = who(step.as);
      if (record.labels.get(rowOf(step.row)) === key) record.labels.delete(rowOf(step.row));
      record.refusals.add(`${rowOf(step.row)} ${key}`);
      break;
    }
    case 'ignore':
      record.labels.set(rowOf(step.row), 0);
      break;
    case 'clear':
      record.labels.delete(rowOf(step.row));
      break;
    case 'birth':
      record.births.set(who(step.as), step.day);
      break;
    case 'remove': {
      const key = who(step.as);
      record.people = record.people.filter((other) => other !== key);
      for (const [row, owner] of record.labels) if (owner === key) record.labels.delete(row);
      break;
    }
    case 'merge': {
      const [from, into] = [who(step.as), who(step.into)];
      if (from === into) break;
      record.people = record.people.filter((other) => other !== from);
      for (const [row, owner] of record.labels) if (owner === from) give(row, into);
      break;
    }
  }
  return record;
}

/** The labels as the reference takes them, and as the engine does. */
function labelsOf(
  { labels, refusals, births, people }: Record,
  { faces, days, several }: World,
): { byNumber: Labels; byKey: LabelsByPerson } {
  const keys = people.toSorted((a, b) => a - b);
  const labelled = new Uint8Array(days.length);
  for (const row of labels.keys()) labelled[row] = 1;
  const good = new Set([...labels].filter(([row]) => faces.quality[row]! >= 0.3).map(([, key]) => key));
  const examples = [...labels]
    .filter(([row, key]) => key > 0 && (faces.quality[row]! >= 0.3 || !good.has(key)))
    .map(([row, key]) => ({ row, person: keys.indexOf(key) }));
  const refused = [...refusals]
    .map((text) => text.split(' ').map(Number) as [number, number])
    .filter(([, key]) => keys.includes(key))
    .map(([row, key]) => ({ row, person: keys.indexOf(key) }));
  const byNumber: Labels = {
    ...{ people: keys.length, examples, labelled, days, several },
    refusals: refused.sort((a, b) => a.row - b.row || a.person - b.person),
    births: Float64Array.from(keys, (key) => births.get(key) ?? Number.NaN),
  };
  const owner = new Int32Array(days.length).fill(-1);
  for (const { row, person } of examples) owner[row] = keys[person]!;
  const refusedByKey = byNumber.refusals.map(({ row, person }) => ({ row, key: keys[person]! }));
  const byKey = { keys, births: byNumber.births, owner, labelled, refusals: refusedByKey };
  return { byNumber, byKey };
}

/** The result of the reference. */
function matched(record: Record, all: World, by = calibration): Match[] {
  const { byNumber, byKey } = labelsOf(record, all);
  const candidates = matchReference(all.faces, all.graph, byNumber, by, LEAST);
  return candidates.map(({ person, ...candidate }) => ({ ...candidate, key: byKey.keys[person]! }));
}

const made = fc.record({
  people: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 24 }),
  spread: fc.double({ min: 0.2, max: 1, noNaN: true }),
  seed: fc.nat(1e6),
});

/** The path from one face to the first person leads through an example of that person to the face that the second gets. */
const THROUGH_EXAMPLE: { world: Parameters<typeof world>[0]; commands: Command[] } = {
  world: { people: [4, 12, 4, 2, 11, 9, 6], spread: 0.2, seed: 999_983 },
  commands: [
    { kind: 'name-group', row: 8836, as: 0 },
    { kind: 'name', row: 2789, as: 3399 },
  ],
};

describe('The engine of matching', () => {
  it('equals the reference after any commands: naming, refusing, ignoring, merging, undoing', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        made,
        fc.array(command, { minLength: 1, maxLength: 14 }),
        async (options, commands) => {
          const all = await world(options);
          const { faces, graph, days, several } = all;
          let state: MatchState = emptyState(faces, graph, days, several);
          let matcher = new Matcher(state, calibration, LEAST);
          const history: Record[] = [
            { labels: new Map(), refusals: new Set(), births: new Map(), people: [] },
          ];
          for (const [at, step] of commands.entries()) {
            if (step.kind === 'undo') history.splice(Math.max(1, history.length - step.steps));
            else history.push(after(history.at(-1)!, step, all, 10 + at));
            const wanted = matched(history.at(-1)!, all);
            expect(matcher.update(labelsOf(history.at(-1)!, all).byKey)).toEqual(wanted);
            compared += wanted.length;
            if (at % 2 === 1) {
              // Another thread continues with the state.
              state = structuredClone(state);
              matcher = new Matcher(state, calibration, LEAST);
            }
          }
        },
      ),
      { numRuns: 200, examples: [[THROUGH_EXAMPLE.world, THROUGH_EXAMPLE.commands]] },
    );
    expect(compared).toBeGreaterThan(1000);
  }, 120_000);

  it.each([
    [0.9, 3],
    [0.6, 4],
    [0.3, 5],
  ])(
    'equals the reference where there are more people than a rank list has places (spread %f)',
    async (spread, seed) => {
      const people = new Array<number>(60).fill(3);
      const all = await world({ people, spread, seed });
      const { faces, graph, days, several } = all;
      const matcher = new Matcher(emptyState(faces, graph, days, several), calibration, LEAST);
      let record: Record = { labels: new Map(), refusals: new Set(), births: new Map(), people: [] };
      for (let who = 0; who < 60; who++) {
        record = copyOf(record);
        record.people.push(who + 1);
        record.labels.set(who * 3, who + 1);
        // A second example makes a known person more similar to some faces, its loss less similar to them.
        if (who > 5) record.labels.set((who - 5) * 3 + 1, who - 4);
        if (who % 4 === 3) record.labels.delete((who - 2) * 3 + 1);
        if (who % 7 === 6) record.refusals.add(`${who * 3 - 2} ${who}`);
        if (who % 11 === 10) record.labels.delete((who - 4) * 3);
        expect(matcher.update(labelsOf(record, all).byKey)).toEqual(matched(record, all));
      }
    },
  );

  it('equals the reference where nearly everybody is near somebody', async () => {
    const by = { ...calibration, match: { ...calibration.match, intercept: 0 } };
    const all = await world({ people: new Array<number>(16).fill(5), spread: 0.5, seed: 4 });
    const { faces, graph, days, several } = all;
    const matcher = new Matcher(emptyState(faces, graph, days, several), by, LEAST);
    let record: Record = { labels: new Map(), refusals: new Set(), births: new Map(), people: [] };
    let ofNearPeople = 0;
    for (let who = 0; who < 16; who++) {
      record = copyOf(record);
      record.people.push(who + 1);
      record.labels.set(who * 5, who + 1);
      record.labels.set(who * 5 + 1, who + 1);
      if (who % 5 === 4) record.births.set(who, 50);
      if (who % 7 === 6) record.labels.delete((who - 2) * 5);
      const wanted = matched(record, all, by);
      expect(matcher.update(labelsOf(record, all).byKey)).toEqual(wanted);
      const strangers = matched(record, all, { ...by, intercept: -1000 }).map((match) =>
        JSON.stringify(match),
      );
      ofNearPeople += wanted.filter((match) => !strangers.includes(JSON.stringify(match))).length;
    }
    // So many would be others if nobody were near anybody.
    expect(ofNearPeople).toBeGreaterThan(50);
  });
});
