import { partsOf } from '../../electron/grouping/halves.ts';
import { sureOf } from '../../electron/grouping/match.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import type { LfwFace, LfwRun } from './lfw.ts';
import { judged, taskOf } from './people.ts';

/** Pairs of people looked at: those who are most like each other. */
const PAIRS = 50;

/** Faces that somebody must have to stand for a person with many photos. */
const MANY = 5;

/**
 * People who look like each other: how often Kith is wrongly sure among those whose examples lie nearest, and whether
 * it sees that two of them are in one group.
 *
 * @returns a report in plain lines
 */
export async function confuse(run: LfwRun): Promise<string> {
  const { detector, encoder, key, faces } = run;
  const calibration = calibrationOf(key);
  const task = taskOf([...faces.values()]);
  const { vectors, size } = task.faces;
  const examples = task.said.examples.map(({ row, person }) => ({
    person,
    vector: vectors.subarray(row * size, (row + 1) * size),
  }));
  const near = new Set(nearest(examples).flatMap(([a, b]) => [a.person, b.person]));
  const all = await judged(task, calibration);
  const verdicts = all.filter(({ row, person }) => near.has(person) || near.has(task.truth[row]!));
  const sure = new Set(sureOf(all, 0.999).map(({ row }) => row));
  const named = verdicts.filter(({ row }) => sure.has(row));
  const wrong = named.filter(({ right }) => !right).length;
  const probes = verdicts.filter(({ row }) => near.has(task.truth[row]!)).length;
  return [
    `${detector} + ${encoder}: the ${PAIRS} pairs of people whose examples are nearest: ${near.size} people`,
    `  ${probes} probes of theirs, ${named.length} named surely, ${wrong} of these wrongly`,
    ...mixtures([...faces.values()], calibration),
  ].join('\n');
}

/** People with many photos: whether they look like one, and two that are like each other, put together, like two. */
function mixtures(all: readonly LfwFace[], calibration: ReturnType<typeof calibrationOf>): string[] {
  const good = all.filter(({ quality }) => quality >= calibration.founder);
  const people = [...Map.groupBy(good, ({ person }) => person).values()]
    .map((faces) => faces.map(({ embedding }) => embedding))
    .filter(({ length }) => length >= MANY);
  const parts = (faces: readonly Float32Array[]) => {
    const size = faces[0]!.length;
    const vectors = new Float32Array(faces.length * size);
    faces.forEach((face, row) => {
      vectors.set(face, row * size);
    });
    return partsOf({ vectors, size }, [...faces.keys()], calibration);
  };
  const single = people.filter((faces) => parts(faces).length > 1).length;
  const pairs = nearest(people.map((faces) => ({ faces, vector: mean(faces) })));
  const seen = pairs.filter(([a, b]) => {
    const split = parts([...a.faces, ...b.faces]);
    const sides = split.map((rows) => new Set(rows.map((row) => row < a.faces.length)));
    return split.length > 1 && sides.every(({ size }) => size === 1);
  }).length;
  return [
    `  ${people.length} people with ${MANY} photos or more: ${single} taken for two`,
    `  the ${PAIRS} of their pairs that are most alike, each put into one group: ${seen} told apart without a fault`,
  ];
}

/** The pairs with the highest dot products. */
function nearest<T extends { vector: Float32Array }>(all: readonly T[]): [T, T][] {
  const pairs = all.flatMap((a, at) =>
    all.slice(at + 1).map((b) => ({ pair: [a, b] as [T, T], alike: dot(a.vector, b.vector) })),
  );
  return pairs
    .sort((a, b) => b.alike - a.alike)
    .slice(0, PAIRS)
    .map(({ pair }) => pair);
}

function mean(faces: readonly Float32Array[]): Float32Array {
  return faces[0]!.map((_, i) => faces.reduce((sum, face) => sum + face[i]!, 0) / faces.length);
}
