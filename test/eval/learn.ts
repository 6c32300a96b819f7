import type { Calibration } from '../../electron/contract/calibration.ts';
import { learn } from '../../electron/grouping/learn.ts';
import { rowsToLearnFrom } from '../../electron/grouping/learn-from.ts';
import { sureOf } from '../../electron/grouping/match-probability.ts';
import { type MetricTrial, tryMetric } from '../../electron/grouping/metric-trial.ts';
import { project } from '../../electron/grouping/projection.ts';
import { shifted } from '../../electron/grouping/self-calibrate.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import type { LfwFace, LfwRun } from './lfw.ts';
import { identified, judged, type Task, taskOf } from './people.ts';

/** People of whom a library knows much: so many photos of each at least. */
const MANY = [4, 10] as const;

/** How well people are found, in one library. */
interface Found {
  rank1: number;
  dir: { '0.01': number; '0.001': number };
  sure: { names: number; right: number };
  probes: number;
}

/**
 * Whether a learned metric finds people better than the frozen one, open-set, by each loss.
 *
 * - **others**: trained on all photos of half of the people, judged on the other half: one example each, as `eval people`.
 * - **the same**: trained on every other photo of those who have four or more, or ten, which are the examples; judged on
 *   their other photos, among strangers.
 *
 * Sure names are counted by the calibration as the catalog has it, and moved by as much as distances did.
 *
 * @returns a report in Markdown
 */
export async function compareMetrics(run: LfwRun): Promise<string> {
  const { detector, encoder, key, faces } = run;
  const calibration = calibrationOf(key);
  const all = [...faces.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const people = [...new Set(all.map(({ person }) => person))];
  const sideOf = new Map(people.map((person, at) => [person, at % 2]));
  const lines: string[] = [];
  for (const side of [0, 1]) {
    const train = all.filter(({ person }) => sideOf.get(person) === side);
    const judge = all.filter(({ person }) => sideOf.get(person) !== side);
    lines.push(...(await rowsOf(`others, half ${side + 1}`, chosen(train), taskOf(judge), calibration)));
  }
  for (const least of MANY) {
    const [known, task] = familiar(all, least);
    const name = `the same, ${least} photos or more`;
    lines.push(...(await rowsOf(name, chosen(known), task, calibration)));
  }
  return [
    `${detector} + ${encoder}`,
    '',
    '| judged on | loss | doubt held out | gain (95 %) | Kith would | rank-1 | DIR at FPIR 1 % | at 0.1 % | sure: right of named, as is | moved | seconds |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

async function rowsOf(
  name: string,
  train: readonly LfwFace[],
  task: Task,
  calibration: Calibration,
): Promise<string[]> {
  const labelled = labelledBy(train);
  const before = await found(task, calibration);
  const rows = [
    cells([`${name}: ${train.length} faces, ${new Set(labelled.people).size} people`, 'frozen', '', '', ''], {
      before,
      sure: [shown(before), ''],
    }),
  ];
  for (const loss of ['triplet', 'contrastive'] as const) {
    const begin = performance.now();
    const trial = tryMetric(labelled, loss, calibration);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const { projection } = learn(labelled, loss);
    const learned = { ...task, faces: { ...task.faces, vectors: project(task.faces.vectors, projection) } };
    const carried = shifted(calibration, { shift: trial.shift, state: 'shifted' });
    const after = await found(learned, calibration);
    const moved = await found(learned, carried);
    rows.push(
      cells(['', loss, doubtOf(trial), gainOf(trial), trial.adopted ? 'adopt' : `drop: ${trial.reason}`], {
        before: after,
        sure: [shown(after), shown(moved)],
        seconds,
      }),
    );
  }
  return rows;
}

function cells(
  first: readonly string[],
  { before, sure, seconds = '' }: { before: Found; sure: [string, string]; seconds?: string },
): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const figures = [before.rank1, before.dir['0.01'], before.dir['0.001']].map(percent);
  return `| ${[...first, ...figures, ...sure, seconds].join(' | ')} |`;
}

function shown({ sure: { names, right }, probes }: Found): string {
  return `${right} of ${names} (${((100 * right) / Math.max(1, names)).toFixed(2)} %, recall ${((100 * right) / probes).toFixed(1)} %)`;
}

function doubtOf({ before, after }: MetricTrial): string {
  return `${before.doubt.toFixed(4)} → ${after.doubt.toFixed(4)}`;
}

function gainOf({ gain }: MetricTrial): string {
  return `${gain.mean.toFixed(4)} (${gain.low.toFixed(4)} to ${gain.high.toFixed(4)})`;
}

async function found(task: Task, calibration: Calibration): Promise<Found> {
  const verdicts = await judged(task, calibration);
  const share = (count: number) => count / task.probes;
  const sure = sureOf(verdicts, 0.999);
  const rows = new Set(sure.map(({ row }) => row));
  return {
    rank1: share(verdicts.filter(({ right }) => right).length),
    dir: {
      '0.01': share(identified(verdicts, 0.01, task.strangers)),
      '0.001': share(identified(verdicts, 0.001, task.strangers)),
    },
    sure: { names: sure.length, right: verdicts.filter(({ row, right }) => right && rows.has(row)).length },
    probes: task.probes,
  };
}

/** Every other photo of people with many; and the library in which those are examples and everybody else is not. */
export function familiar(all: readonly LfwFace[], least: number): [LfwFace[], Task] {
  const people = [...Map.groupBy(all, ({ person }) => person).values()].filter(
    ({ length }) => length >= least,
  );
  return knownBy(
    all,
    people.map((own) => own.filter((_, at) => at % 2 === 0)),
  );
}

/** People of Large Age-Gap with three photos or more, of whom one as a child and one grown up are known. */
export function knownAtBothAges(all: readonly LfwFace[]): Task {
  const people = [...Map.groupBy(all, ({ person }) => person).values()].filter(({ length }) => length > 2);
  const examples = people.flatMap((own) => {
    const both = ['/young_', '/adult_'].flatMap((age) => own.find(({ path }) => path.includes(age)) ?? []);
    return both.length === 2 ? [both] : [];
  });
  return knownBy(all, examples)[1];
}

/** @param people the examples of each enrolled person; all other people are strangers */
function knownBy(all: readonly LfwFace[], people: readonly LfwFace[][]): [LfwFace[], Task] {
  const known = people.flat();
  const number = new Map(people.map((own, person) => [own[0]!.person, person]));
  const task = taskOf(all);
  const sorted = all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const truth = Int32Array.from(sorted, ({ person }) => number.get(person) ?? -1);
  const rowOf = new Map(sorted.map(({ path }, row) => [path, row]));
  const examples = known.map(({ path, person }) => ({ row: rowOf.get(path)!, person: number.get(person)! }));
  const settled = new Uint8Array(sorted.length);
  for (const { row } of examples) settled[row] = 1;
  const strangers = truth.filter((person) => person < 0).length;
  return [
    known,
    {
      ...task,
      said: {
        ...task.said,
        people: people.length,
        examples,
        labelled: settled,
        births: new Float64Array(people.length).fill(Number.NaN),
      },
      truth,
      strangers,
      probes: sorted.length - strangers - known.length,
    },
  ];
}

function chosen(faces: readonly LfwFace[]): LfwFace[] {
  return rowsToLearnFrom(labelledBy(faces).people).map((row) => faces[row]!);
}

function labelledBy(faces: readonly LfwFace[]) {
  const size = faces[0]!.embedding.length;
  const vectors = new Float32Array(faces.length * size);
  faces.forEach(({ embedding }, row) => {
    vectors.set(embedding, row * size);
  });
  const names = [...new Set(faces.map(({ person }) => person))];
  const number = new Map(names.map((name, at) => [name, at]));
  return {
    vectors,
    size,
    people: faces.map(({ person }) => number.get(person)!),
    quality: Float64Array.from(faces, ({ quality }) => quality),
  };
}
