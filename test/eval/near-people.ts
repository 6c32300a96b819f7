import type { Calibration } from '../../electron/contract/calibration.ts';
import type { DetectorId, EncoderId, EncoderKey } from '../../electron/contract/ids.ts';
import { alignAges, childhood } from '../../electron/grouping/age-alignment.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { NEAR_LEAD } from '../../electron/grouping/constants.ts';
import {
  effectiveGallerySize,
  matchProbability,
  seenIn,
  sureOf,
} from '../../electron/grouping/match-probability.ts';
import { emptyState } from '../../electron/grouping/match-state.ts';
import { Matcher } from '../../electron/grouping/matcher.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { MinimaxPaths } from '../../electron/grouping/minimax-paths.ts';
import { NearPeople } from '../../electron/grouping/near-people.ts';
import { type NormalisedGraph, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { RankLists } from '../../electron/grouping/rank-lists.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { alignedFace } from '../../electron/service/aligned.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { agesOf } from '../../models/ages.ts';
import { alignedBy, type Face, facesOf, grouped, type Work } from './ages.ts';
import { fitAges, PRESETS } from './ages-fit.ts';
import { judged, type Task, taskOf } from './people.ts';
import { product } from './product.ts';

/** Pairs of different people looked at: those whose examples are nearest. */
const NEAREST = 1000;

const LEVEL = 0.999;

/** What became of the faces of the nearest people. */
interface Tally {
  people: number;
  probes: number;
  /** *Sure* names of theirs, and how many of them are wrong: at all, and for the near person. */
  right: number;
  wrong: number;
  mistaken: number;
  /** The same as matching would have it if nobody were near anybody. */
  rightBefore: number;
  wrongBefore: number;
  mistakenBefore: number;
  /** Lead of each face of somebody who has a near person over the most similar of these, times the calibration's slope. */
  leads: number[];
}

/**
 * The 1,000 pairs of people whose examples are nearest, everybody known by one face: *sure* names among them, right and
 * wrong ones, with and without what near-people.ts does; and what lead over a near person tells. Children of LAG with the
 * alignment of ages that Kith has, and with one that was fitted on the other half of the people (then 500 pairs in each
 * half); adults of LFW. Then the groups of either that hold two people.
 *
 * @returns a table in Markdown
 */
export async function confuseNearest(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { key, lag, lfw } = await facesOf(detector, encoder, work);
  const calibration = calibrationOf(key);
  const model = agesOf(key);
  const asKithHas = (face: Face) => ({
    ...face,
    embedding: alignedFace(face.embedding, key),
    childhood: model === null ? 0 : childhood(face.embedding, model)[0]!,
  });
  const children = (faces: readonly Face[]) => faces.filter(({ child }) => child);
  const rows: [string, Tally[]][] = [
    [`children, the ${NEAREST} nearest pairs`, [await tallyOf(children(lag).map(asKithHas), calibration)]],
  ];
  const preset = PRESETS[encoder];
  if (preset) {
    const names = [...new Set(lag.map(({ person }) => person))].sort();
    const parts = [0, 1].map((side) => {
      const mine = new Set(names.filter((_, at) => at % 2 === side));
      const model = fitAges([...lag.filter(({ person }) => !mine.has(person)), ...lfw], preset);
      const own = children(lag).filter(({ person }) => mine.has(person));
      return own.map((face) => alignedBy(model, face));
    });
    const half = await Promise.all(parts.map((faces) => tallyOf(faces, calibration, NEAREST / 2)));
    rows.push([`children, aligned by a fit on others, ${NEAREST / 2} pairs in each half`, half]);
  }
  rows.push([`adults, the ${NEAREST} nearest pairs`, [await tallyOf(lfw.map(asKithHas), calibration)]]);
  const head = ['', 'people', 'probes', '*sure*, right', 'wrong', 'for the near one', 'before: right'];
  const more = ['wrong', 'for the near one', 'wrongly ahead', `by ${NEAR_LEAD} or more`, 'steepness'];
  return [
    `${detector} + ${encoder}`,
    ...[[...head, ...more], [...head, ...more].map(() => '---')].map(rowOf),
    ...rows.map(([name, tallies]) => rowOf([name, ...cells(tallies)])),
    '',
    ...(await groupsOf(children(lag), 'children', key, calibration)),
    ...(await groupsOf(lfw, 'adults', key, calibration)),
  ].join('\n');
}

/** Groups of two people, with and without the evidence that children need in addition. */
async function groupsOf(
  faces: readonly Face[],
  name: string,
  key: EncoderKey,
  calibration: Calibration,
): Promise<string[]> {
  const model = agesOf(key);
  if (model === null) return [];
  const raw = Float32Array.from(faces.flatMap(({ embedding }) => [...embedding]));
  const input = {
    ...{ vectors: alignAges(raw, model), size: model.weights.length, calibration },
    photo: Int32Array.from(faces.keys()),
    quality: Float32Array.from(faces, ({ quality }) => quality),
  };
  const people = faces.map(({ person }) => person);
  const lines = [];
  for (const childhoods of [undefined, childhood(raw, model)]) {
    const labels = await cluster({ ...input, ...(childhoods && { childhood: childhoods }) }, product);
    const groups = Map.groupBy(labels.keys(), (row) => labels[row]!);
    groups.delete(-1);
    const mixed = [...groups.values()].filter((rows) => new Set(rows.map((row) => people[row])).size > 1);
    const { precision, recall, f } = bCubed(labels, people);
    const figures = [precision, recall, f].map((share) => share.toFixed(4)).join(' ');
    const how = childhoods ? 'with more evidence asked of children' : 'with the same evidence for all';
    lines.push(`  ${name}, ${how}: ${mixed.length} of ${groups.size} groups of two; B-cubed ${figures}`);
  }
  return lines;
}

const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function cells(tallies: readonly Tally[]): string[] {
  const sum = (of: Exclude<keyof Tally, 'leads'>) => String(tallies.reduce((all, one) => all + one[of], 0));
  const leads = tallies.flatMap((tally) => tally.leads);
  const counts = ['people', 'probes', 'right', 'wrong', 'mistaken'] as const;
  const before = ['rightBefore', 'wrongBefore', 'mistakenBefore'] as const;
  return [
    ...[...counts, ...before].map(sum),
    `${leads.filter((lead) => lead <= 0).length} of ${leads.length}`,
    String(leads.filter((lead) => lead <= -NEAR_LEAD).length),
    steepnessOf(leads).toFixed(2),
  ];
}

async function tallyOf(faces: readonly Face[], calibration: Calibration, count = NEAREST): Promise<Tally> {
  const task = taskOf(await grouped(faces, calibration));
  const graph = await normalisedGraph(task.faces, calibration, product);
  const near = new Set(nearestPairs(task, graph, count).flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  const people = new Set([...near].map((pair) => Number(pair.split(' ')[0])));
  const verdicts = await judged(task, calibration);
  const gallery = effectiveGallerySize(task.said.people, task.said.people, seenIn(task.faces.group));
  const before = verdicts
    .map((verdict) => {
      const quality = task.faces.quality[verdict.row]!;
      const seen = { ...verdict, nearMargin: null, quality };
      return { ...verdict, probability: matchProbability(seen, gallery, calibration) };
    })
    .sort((a, b) => b.probability - a.probability || a.row - b.row);
  const countsOf = (all: typeof verdicts) => {
    const truth = ({ row }: { row: number }) => task.truth[row]!;
    const sure = sureOf(all, LEVEL).filter((one) => people.has(one.person) || people.has(truth(one)));
    const wrong = sure.filter(({ right }) => !right);
    const mistaken = wrong.filter((one) => near.has(`${one.person} ${truth(one)}`)).length;
    return [sure.length - wrong.length, wrong.length, mistaken] as const;
  };
  const [right, wrong, mistaken] = countsOf(verdicts);
  const [rightBefore, wrongBefore, mistakenBefore] = countsOf(before);
  const probes = task.truth.filter((who, row) => people.has(who) && !task.said.labelled[row]).length;
  return {
    ...{ people: people.size, probes, right, wrong, mistaken, rightBefore, wrongBefore, mistakenBefore },
    leads: leadsOf(task, graph, calibration),
  };
}

/** The pairs of people whose examples are most similar. */
function nearestPairs(
  { faces, said }: Task,
  { offsets }: NormalisedGraph,
  count: number,
): [number, number][] {
  const { vectors, size } = faces;
  const vector = (row: number) => vectors.subarray(row * size, (row + 1) * size);
  const pairs = said.examples.flatMap((a, at) =>
    said.examples.slice(at + 1).map((b) => ({
      pair: [a.person, b.person] as [number, number],
      similarity: dot(vector(a.row), vector(b.row)) - offsets[a.row]! - offsets[b.row]!,
    })),
  );
  return pairs
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, count)
    .map(({ pair }) => pair);
}

/** See {@link Tally}. */
function leadsOf({ faces, said, truth }: Task, graph: NormalisedGraph, calibration: Calibration): number[] {
  const state = emptyState(faces, graph, said.days, new Set());
  const owner = new Int32Array(truth.length).fill(-1);
  for (const { row, person } of said.examples) owner[row] = person;
  const keys = Array.from({ length: said.people }, (_, person) => person);
  const { births, labelled } = said;
  new Matcher(state, calibration, 0.01).update({ keys, births, owner, labelled, refusals: [] });
  const ranks = new RankLists(state, new MinimaxPaths(state));
  const near = new NearPeople(faces, graph.offsets, calibration);
  const examples = (person: number) => state.people.get(person)!.examples;
  const slope = calibration.match?.slope ?? Number.NaN;
  return Array.from(truth.keys()).flatMap((row) => {
    const who = truth[row]!;
    if (who < 0 || labelled[row]) return [];
    const ranked = ranks.allPeople(row);
    const own = ranked.find(({ key }) => key === who)!.score;
    const rival = ranked.find(({ key }) => key !== who && near.areNear(examples(who), examples(key)));
    return rival ? [slope * (own - rival.score)] : [];
  });
}

/** Steepness k at which σ(k · lead) is likeliest, by Newton's method. */
function steepnessOf(leads: readonly number[]): number {
  let k = 0.5;
  for (let round = 0; round < 50; round++) {
    let [gradient, curve] = [0, 1e-9];
    for (const lead of leads) {
      const wrong = 1 / (1 + Math.exp(k * lead));
      gradient += lead * wrong;
      curve += lead * lead * wrong * (1 - wrong);
    }
    k += Math.max(-k / 2, Math.min(gradient / curve, k));
  }
  return k;
}
