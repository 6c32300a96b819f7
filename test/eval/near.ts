import type { Calibration } from '../../electron/contract/calibration.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { splitOf } from '../../electron/grouping/bisecting-split.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { knownPairs } from '../../electron/grouping/known-pairs.ts';
import { sureOf } from '../../electron/grouping/match-probability.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { selfCalibrate, shifted } from '../../electron/grouping/self-calibrate.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { distancesOf } from '../../models/cards.ts';
import type { LfwFace, LfwRun } from './lfw.ts';
import { judged, taskOf } from './people.ts';
import { product } from './product.ts';

/** The box of every face. Boxes are only read for bursts, and no photo here has a date. */
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 } as UnitBox;

/** Pairs of people looked at: those who are most like each other. */
const PAIRS = 50;

/** Faces that somebody must have to stand for a person with many photos. */
const MANY = 5;

/** Look-alikes of a made library: so many of the pairs most alike, nobody twice. */
const LIBRARIES = [30, 60, 120];

/**
 * People who look like each other: how often Kith is wrongly sure among those whose examples lie nearest, whether it
 * sees that two of them are in one group, and what a library of such people makes of its calibration.
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
    ...(await Promise.all(LIBRARIES.map((pairs) => lookAlikes([...faces.values()], pairs, encoder)))),
  ].join('\n');
}

/** People with many photos: whether they look like one, and two that are like each other, put together, like two. */
function mixtures(all: readonly LfwFace[], calibration: ReturnType<typeof calibrationOf>): string[] {
  const good = all.filter(({ quality }) => quality >= calibration.founder);
  const people = [...Map.groupBy(good, ({ person }) => person).values()]
    .map((faces) => faces.map(({ embedding }) => embedding))
    .filter(({ length }) => length >= MANY);
  const parts = (faces: readonly Float32Array[]) => splitOf(packed(faces), [...faces.keys()], calibration);
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

/** Pairs of look-alikes, each two on one photo together and on others alone: grouped by the catalog, and by their own. */
async function lookAlikes(
  all: readonly LfwFace[],
  wanted: number,
  encoder: LfwRun['encoder'],
): Promise<string> {
  const people = [...Map.groupBy(all, ({ person }) => person).values()].filter(({ length }) => length > 1);
  const taken = new Set<readonly LfwFace[]>();
  const chosen: (readonly LfwFace[])[][] = [];
  for (const [a, b] of nearest(
    people.map((faces) => ({ faces, vector: mean(faces.map(({ embedding }) => embedding)) })),
    Number.POSITIVE_INFINITY,
  )) {
    if (taken.has(a.faces) || taken.has(b.faces)) continue;
    for (const { faces } of [a, b]) taken.add(faces);
    chosen.push([a.faces, b.faces]);
    if (chosen.length === wanted) break;
  }
  let photos = 0;
  const faces = chosen.flatMap((pair) => {
    const together = ++photos;
    return pair.flatMap((own) => own.map((face, at) => ({ ...face, photo: at === 0 ? together : ++photos })));
  });
  const table = {
    ...packed(faces.map(({ embedding }) => embedding)),
    photo: Int32Array.from(faces, ({ photo }) => photo),
    quality: Float32Array.from(faces, ({ quality }) => quality),
  };
  const catalogs = calibrationOf(encoder);
  const nobody = new Int32Array(faces.length);
  const unknown = { person: nobody, days: new Float64Array(faces.length).fill(Number.NaN) };
  const sightings = { ...table, ...unknown, boxOf: () => NOWHERE, several: new Set<number>() };
  // Each pair of these is of two other people.
  const known = await knownPairs(sightings, { founder: catalogs.founder, alike: 0 });
  const fit = selfCalibrate(catalogs, distancesOf(encoder), known);
  const agreement = async (calibration: Calibration) => {
    const { precision, recall, f } = bCubed(
      await cluster({ ...table, calibration }, product),
      faces.map(({ person }) => person),
    );
    return [precision, recall, f].map((share) => share.toFixed(4)).join(' ');
  };
  const [before, after] = [await agreement(catalogs), await agreement(shifted(catalogs, fit))];
  return `  ${wanted} pairs of look-alikes: shift ${fit.shift.toFixed(4)} ± ${fit.error.toFixed(4)} (${fit.state}); B-cubed precision, recall, F ${before} by the catalog, ${after} by their own`;
}

/** The pairs with the highest dot products. */
function nearest<T extends { vector: Float32Array }>(all: readonly T[], count = PAIRS): [T, T][] {
  const pairs = all.flatMap((a, at) =>
    all.slice(at + 1).map((b) => ({ pair: [a, b] as [T, T], alike: dot(a.vector, b.vector) })),
  );
  return pairs
    .sort((a, b) => b.alike - a.alike)
    .slice(0, count)
    .map(({ pair }) => pair);
}

function packed(faces: readonly Float32Array[]): { vectors: Float32Array; size: number } {
  const size = faces[0]!.length;
  const vectors = new Float32Array(faces.length * size);
  faces.forEach((face, row) => {
    vectors.set(face, row * size);
  });
  return { vectors, size };
}

function mean(faces: readonly Float32Array[]): Float32Array {
  return faces[0]!.map((_, i) => faces.reduce((sum, face) => sum + face[i]!, 0) / faces.length);
}
