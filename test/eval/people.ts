import type { Calibration } from '../../electron/contract/calibration.ts';
import type { CatalogCohort } from '../../electron/grouping/catalog-cohort.ts';
import { MARGIN_CAP } from '../../electron/grouping/constants.ts';
import {
  type Candidate,
  effectiveGallerySize,
  seenIn,
  sureOf,
} from '../../electron/grouping/match-probability.ts';
import { type Labels, matchReference } from '../../electron/grouping/match-reference.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { cohortOf } from '../../models/cohort.ts';
import type { LfwFace, LfwRun } from './lfw.ts';
import { product } from './product.ts';

type Match = NonNullable<Calibration['match']>;

/** Who was found for a face, and whether that is right. Strangers have nobody, so whoever is found is wrong. */
export interface Verdict extends Candidate {
  right: boolean;
  isStranger: boolean;
}

export interface Task {
  faces: Faces;
  said: Labels;
  /** Person of each row, −1 for a stranger. */
  truth: Int32Array;
  probes: number;
  strangers: number;
}

/**
 * One-shot, open-set identification: the gallery is the first photo, by name, of each person who has two or more;
 * probes are their other photos, strangers the people with one photo. All lie in one library.
 *
 * The probability's numbers are fitted on LFW alone here, on either half of the people to judge the other: sure names are
 * counted on people who had no part in the fit. The catalog's are fitted on libraries of all sizes: `npm run eval --
 * reliability fit`.
 *
 * @returns a report in plain lines
 */
export async function findPeople({ detector, encoder, key, faces }: LfwRun): Promise<string> {
  const calibration = calibrationOf(key);
  const task = taskOf([...faces.values()]);
  const verdicts = await judged(task, calibration, cohortOf(key));
  const probes = verdicts.filter(({ isStranger }) => !isStranger);
  const found = probes.filter(({ right }) => right).length;
  const share = (count: number, of: number) => `${((100 * count) / of).toFixed(2)} %`;
  const lines = [
    `${detector} + ${encoder}: ${task.said.people} people, ${task.probes} probes, ${task.strangers} strangers`,
    `  rank-1 ${share(found, task.probes)}`,
    ...[0.01, 0.001].map(
      (fpir) =>
        `  DIR at FPIR ${fpir * 100} %: ${share(identified(verdicts, fpir, task.strangers), task.probes)}`,
    ),
  ];
  const among = effectiveGallerySize(task.said.people, task.said.people, seenIn(task.faces.group));
  const all = fitMatch(verdicts, among);
  lines.push(`  match: ${JSON.stringify(all)}`);
  const sure = [0, 1].flatMap((half) => {
    const [mine, others] = [half, 1 - half].map((side) =>
      verdicts.filter(({ row }) => sideOf(task, row) === side),
    );
    const by = fitMatch(others!, among);
    return sureOf(withProbability(mine!, by, among), 0.999) as Verdict[];
  });
  const right = sure.filter((one) => one.right).length;
  lines.push(
    `  sure, fitted on the other half of the people: ${sure.length} names, precision ${share(right, sure.length)}, recall ${share(right, task.probes)}`,
  );
  const shipped = sureOf(verdicts, 0.999) as Verdict[];
  const good = shipped.filter((one) => one.right).length;
  lines.push(
    `  sure, by the catalog: ${shipped.length} names, precision ${share(good, shipped.length)}, recall ${share(good, task.probes)}`,
  );
  return lines.join('\n');
}

/** One example of each person with two photos or more; everybody else is a probe or a stranger. */
export function taskOf(all: readonly LfwFace[]): Task {
  const sorted = all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const byPerson = Map.groupBy(sorted, ({ person }) => person);
  const known = [...byPerson].filter(([, photos]) => photos.length > 1).map(([person]) => person);
  const number = new Map(known.map((person, at) => [person, at]));
  const size = sorted[0]!.embedding.length;
  const vectors = new Float32Array(sorted.length * size);
  const truth = Int32Array.from(sorted, ({ person }) => number.get(person) ?? -1);
  const labelled = new Uint8Array(sorted.length);
  const examples: { row: number; person: number }[] = [];
  const seen = new Set<number>();
  sorted.forEach(({ embedding }, row) => {
    vectors.set(embedding, row * size);
    const person = truth[row]!;
    if (person < 0 || seen.has(person)) return;
    seen.add(person);
    labelled[row] = 1;
    examples.push({ row, person });
  });
  const strangers = truth.filter((person) => person < 0).length;
  return {
    faces: {
      vectors,
      size,
      photo: Int32Array.from(sorted, (_, row) => row),
      group: Int32Array.from(sorted, ({ group }) => group ?? 0),
      quality: Float32Array.from(sorted, ({ quality }) => quality),
      childhood: Float32Array.from(sorted, ({ childhood }) => childhood),
    },
    said: {
      people: known.length,
      examples,
      refusals: [],
      labelled,
      births: new Float64Array(known.length).fill(Number.NaN),
      days: new Float64Array(sorted.length).fill(Number.NaN),
      several: new Set(),
    },
    truth,
    probes: sorted.length - strangers - known.length,
    strangers,
  };
}

/** The best candidate of each face that is no example, the likeliest first. */
export async function judged(
  { faces, said, truth }: Task,
  calibration: Calibration,
  catalog: CatalogCohort | null = null,
): Promise<Verdict[]> {
  const around = await normalisedGraph(faces, calibration, product, undefined, catalog);
  return matchReference(faces, around, said, calibration).map((candidate) => ({
    ...candidate,
    right: truth[candidate.row] === candidate.person,
    isStranger: truth[candidate.row]! < 0,
  }));
}

/** Probes that are found rightly and held for likelier than this share of strangers. */
export function identified(verdicts: readonly Verdict[], fpir: number, strangers: number): number {
  const scores = verdicts.filter(({ isStranger }) => isStranger).map(({ probability }) => probability);
  const bound = scores.toSorted((a, b) => b - a)[Math.floor(fpir * strangers)] ?? -2;
  return verdicts.filter(({ right, probability }) => right && probability > bound).length;
}

/** Which half a face's person, or stranger, belongs to. */
function sideOf({ truth }: Task, row: number): number {
  const person = truth[row]!;
  return (person < 0 ? row : person) % 2;
}

function withProbability(verdicts: readonly Verdict[], by: Match, among: number): Verdict[] {
  return verdicts
    .map((verdict) => ({ ...verdict, probability: 1 / (1 + Math.exp(-logOdds(verdict, by, among))) }))
    .toSorted((a, b) => b.probability - a.probability);
}

function logOdds(candidate: Candidate, { intercept, slope, lead, inCluster }: Match, among: number): number {
  const [, score, ahead, isInCluster] = termsOf(candidate);
  return intercept + slope * score + lead * ahead + inCluster * isInCluster - Math.log(among);
}

function termsOf({ score, margin, isInCluster }: Candidate): [number, number, number, number] {
  return [1, score, Math.max(-MARGIN_CAP, Math.min(margin, MARGIN_CAP)), Number(isInCluster)];
}

/** Logistic regression by Newton's method; the intercept is for one person. */
function fitMatch(verdicts: readonly Verdict[], among: number): Match {
  const rows = verdicts.map(termsOf);
  const places = [0, 1, 2, 3];
  let at = [0, 0, 0, 0];
  for (let round = 0; round < 40; round++) {
    const gradient = [0, 0, 0, 0];
    const hessian = places.map((i) => places.map((j) => (i === j ? 1e-6 : 0)));
    rows.forEach((row, k) => {
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * at[i]!, 0)));
      for (const i of places) {
        gradient[i]! += row[i]! * (p - Number(verdicts[k]!.right));
        for (const j of places) hessian[i]![j]! += row[i]! * row[j]! * p * (1 - p);
      }
    });
    const step = solved(hessian, gradient);
    at = at.map((value, i) => value - step[i]!);
  }
  const [intercept, slope, lead, inCluster] = at as [number, number, number, number];
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    intercept: round(intercept + Math.log(among)),
    slope: round(slope),
    lead: round(lead),
    inCluster: round(inCluster),
  };
}

/** Solves a small symmetric system by Gauss's elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivot, i) => {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[i]! / pivot[i]!;
      for (let j = i; j < row.length; j++) row[j]! -= factor * pivot[j]!;
    }
  });
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
