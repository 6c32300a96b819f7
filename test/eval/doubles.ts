import type { Calibration } from '../../electron/contract/calibration.ts';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { childhood } from '../../electron/grouping/age-alignment.ts';
import { similarityAt } from '../../electron/grouping/calibrate.ts';
import { NearPeople } from '../../electron/grouping/near-people.ts';
import { normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { alignedFace } from '../../electron/service/aligned.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { agesOf } from '../../models/ages.ts';
import { type Face, facesOf, grouped, type Work } from './ages.ts';
import { taskOf } from './people.ts';
import { product } from './product.ts';

/** Evidence from which two people are offered as one. */
const BOUNDS = [0, 1, 2, 3, 4, 5];

/** Examples of each person, at most. */
const EXAMPLES = 5;

/**
 * People who have two names: each is split into two by their photos, every other photo to the one and to the other. How many
 * are offered as one person, and how many pairs of different people are, by the evidence that their examples show on average.
 * Adults of LFW; children of LAG among each other, and as a child and grown up.
 *
 * @returns a table in Markdown
 */
export async function countDoubles(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { key, lag, lfw } = await facesOf(detector, encoder, work);
  const calibration = calibrationOf(key);
  const model = agesOf(key);
  const seen = (faces: readonly Face[]) =>
    faces.map((face) => ({
      ...face,
      embedding: alignedFace(face.embedding, key),
      childhood: model === null ? 0 : childhood(face.embedding, model)[0]!,
    }));
  const byTurns = (_face: Face, at: number) => at % 2;
  const byAge = ({ child }: Face) => Number(child);
  const sets = [
    ['adults', seen(lfw), byTurns],
    ['children', seen(lag.filter(({ child }) => child)), byTurns],
    ['child and grown up', seen(lag), byAge],
  ] as const;
  const rows = [];
  for (const [name, faces, side] of sets) rows.push(await rowsOf(name, faces, side, calibration));
  return [
    `${detector} + ${encoder}`,
    `| | doubles | pairs of others |${BOUNDS.map((bound) => ` ${bound} |`).join('')}`,
    `|---|---|---|${BOUNDS.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

async function rowsOf(
  name: string,
  all: readonly Face[],
  side: (face: Face, at: number) => number,
  calibration: Calibration,
): Promise<string> {
  const faces = (await grouped(all, calibration)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { faces: packed } = taskOf(faces);
  const graph = await normalisedGraph(packed, calibration, product);
  const near = new NearPeople(packed, graph.offsets, calibration);
  const halves = [...Map.groupBy(faces.keys(), (row) => faces[row]!.person)].map(([person, rows]) => {
    const parts = [0, 1].map((which) =>
      rows.filter((row, at) => side(faces[row]!, at) === which).slice(0, EXAMPLES),
    );
    return { person, parts: parts.filter(({ length }) => length > 0) };
  });
  const people = halves.flatMap(({ person, parts }) => parts.map((rows) => ({ person, rows })));
  const counts = BOUNDS.map(() => ({ doubles: 0, others: 0 }));
  const bounds = BOUNDS.map((bound) => similarityAt(bound, calibration));
  let [doubles, others] = [0, 0];
  for (const [at, one] of people.entries()) {
    for (const other of people.slice(at + 1)) {
      const isDouble = one.person === other.person;
      if (isDouble) doubles++;
      else others++;
      const likeness = near.likeness(one.rows, other.rows);
      for (const [i, bound] of bounds.entries()) {
        if (likeness >= bound) counts[i]![isDouble ? 'doubles' : 'others']++;
      }
    }
  }
  const cells = counts.map(
    (count) => ` ${((100 * count.doubles) / doubles).toFixed(1)} %, ${count.others} |`,
  );
  return `| ${name} | ${doubles} | ${others} |${cells.join('')}`;
}
