import { join } from 'node:path';
import type { AgeAlignment } from '../../electron/contract/ages.ts';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { alignAges, childhood } from '../../electron/grouping/age-alignment.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { sureOf } from '../../electron/grouping/match-probability.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { type AgedFace, fitAges, PRESETS, writeAges } from './ages-fit.ts';
import { embedFaces, type LfwFace, lagFolder, lfwFiles } from './lfw.ts';
import { identified, judged, taskOf, type Verdict } from './people.ts';
import { product } from './product.ts';

/** Share of impostor pairs that a verification lets through. */
const FAR = 0.001;

/** Share of strangers who are taken for somebody. */
const FPIR = 0.01;

export type Face = LfwFace & { child: boolean };

export interface Work {
  out: string;
  onProgress: (progress: ScanProgress) => void;
}

/** Fits the model of ages of an encoder on all of LAG and LFW, and puts it into the catalog. @returns the file */
export async function fitAndWrite(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { lag, lfw } = await facesOf(detector, encoder, work);
  const preset = PRESETS[encoder];
  if (preset === undefined) throw new Error(`Nobody has chosen yet how far ${encoder} draws children apart`);
  return writeAges(encoder, {
    command: `npm run eval -- ages fit ${detector}/${encoder}`,
    source: `${lag.length.toLocaleString('en')} faces of Large Age-Gap and ${lfw.length.toLocaleString('en')} of Labeled Faces in the Wild`,
    ...fitAges([...lag, ...lfw], preset),
  });
}

/**
 * What alignment does for children and grown-ups, on people who had no part in its fit: each half of LAG's people by a
 * model that was fitted on the other half and on LFW. Figures are of both halves together.
 *
 * @returns a table in Markdown
 */
export async function compareAges(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { key, lag, lfw } = await facesOf(detector, encoder, work);
  const preset = PRESETS[encoder] ?? { spread: 1, prior: 0.5 };
  const people = [...new Set(lag.map(({ person }) => person))].sort();
  const halves = [0, 1].map((half) => {
    const chosen = new Set(people.filter((_, at) => at % 2 === half));
    return lag.filter(({ person }) => chosen.has(person));
  });
  const calibration = calibrationOf(key);
  const columns: Record<string, string>[] = [];
  for (const isAligned of [false, true]) {
    const parts = halves.map((half, at) => {
      const model = fitAges([...halves[1 - at]!, ...lfw], preset);
      return { model, faces: isAligned ? half.map((face) => alignedBy(model, face)) : half };
    });
    const told = toldOf(
      halves.map((faces, at) => ({ faces, model: parts[at]!.model })),
      preset.prior,
    );
    columns.push({
      'told from a grown-up: children, grown-ups': isAligned ? told : '',
      ...verified(parts.map(({ faces }) => faces)),
      ...(await foundOf(
        parts.map(({ faces }) => faces),
        calibration,
      )),
    });
  }
  const [stored, aligned] = columns as [Record<string, string>, Record<string, string>];
  return [
    `${detector} + ${encoder}: ${people.length} people`,
    '| | as stored | aligned |',
    '|---|---|---|',
    ...Object.keys(stored).map((row) => `| ${row} | ${stored[row]} | ${aligned[row]} |`),
  ].join('\n');
}

/** Faces of LAG and of LFW as the encoder gave them, not aligned. */
export async function facesOf(detector: DetectorId, encoder: EncoderId, { out, onProgress }: Work) {
  const read = (file: string, folder: string) =>
    embedFaces(detector, encoder, { file: join(out, file), folder, onProgress }, true);
  const lag = await read(`lag-${detector}-${encoder}.kith`, lagFolder());
  const lfw = await read(`${detector}-${encoder}.kith`, lfwFiles().pictures);
  const aged = (faces: Iterable<LfwFace>): Face[] =>
    [...faces].map((face) => ({ ...face, child: face.path.includes('/young_') }));
  return { key: lag.key, lag: aged(lag.faces.values()), lfw: aged(lfw.faces.values()) };
}

export function alignedBy(model: AgeAlignment, face: Face): Face {
  return {
    ...face,
    embedding: alignAges(face.embedding, model),
    childhood: childhood(face.embedding, model)[0]!,
  };
}

/** Shares of children and of grown-ups whose age is told rightly. */
function toldOf(
  parts: readonly { faces: readonly AgedFace[]; model: AgeAlignment }[],
  prior: number,
): string {
  const all = parts.flatMap(({ faces, model }) =>
    faces.map(({ embedding, child }) => ({
      child,
      right: childhood(embedding, model)[0]! >= prior === child,
    })),
  );
  return [true, false]
    .map((child) => {
      const some = all.filter((face) => face.child === child);
      return percent(some.filter(({ right }) => right).length / some.length);
    })
    .join(', ');
}

/** Similarities of all pairs within the halves: two children, two grown-ups, one of each. */
function verified(halves: readonly (readonly Face[])[]): Record<string, string> {
  const kinds = { grown: pairs(), children: pairs(), both: pairs() };
  for (const faces of halves) {
    faces.forEach((one, at) => {
      for (const other of faces.slice(at + 1)) {
        const kind = one.child !== other.child ? kinds.both : one.child ? kinds.children : kinds.grown;
        kind[one.person === other.person ? 'genuine' : 'impostor'].push(dot(one.embedding, other.embedding));
      }
    });
  }
  const boundOf = ({ impostor }: Pairs) =>
    impostor.toSorted((a, b) => b - a)[Math.floor(FAR * impostor.length)]!;
  const over = (list: readonly number[], bound: number) =>
    list.filter((similarity) => similarity >= bound).length / list.length;
  const bound = boundOf(kinds.grown);
  const thousand = (pairs: Pairs) => `${(1000 * over(pairs.impostor, bound)).toFixed(2)} in 1,000`;
  const tar = (pairs: Pairs) => percent(over(pairs.genuine, boundOf(pairs)));
  return {
    'two children taken for one, at the bound of 1 in 1,000 grown-ups': thousand(kinds.children),
    'a child and another grown-up taken for one, at that bound': thousand(kinds.both),
    'TAR at FAR 0.1 %: grown-ups': tar(kinds.grown),
    'TAR at FAR 0.1 %: children': tar(kinds.children),
    'TAR at FAR 0.1 %: child and grown-up': tar(kinds.both),
  };
}

interface Pairs {
  genuine: number[];
  impostor: number[];
}

const pairs = (): Pairs => ({ genuine: [], impostor: [] });

/** One example each, with strangers: who is found among children, among grown-ups, and years later. */
async function foundOf(
  halves: readonly (readonly Face[])[],
  calibration: Calibration,
): Promise<Record<string, string>> {
  const rows: Record<string, string> = {};
  for (const [name, child] of [
    ['children', true],
    ['grown-ups', false],
  ] as const) {
    const parts = await Promise.all(
      halves.map((faces) =>
        one(
          faces.filter((face) => face.child === child),
          calibration,
        ),
      ),
    );
    const sum = (key: keyof Tally) => parts.reduce((total, part) => total + part[key], 0);
    rows[`${name}: rank-1`] = percent(sum('first') / sum('probes'));
    rows[`${name}: DIR at FPIR 1 %`] = percent(sum('identified') / sum('probes'));
    const [right, wrong] = [sum('right'), sum('wrong')];
    rows[`${name}: *sure* names, wrong ones`] = `${right + wrong}, ${wrong}`;
    rows[`${name}: found with a *sure* name`] = percent(right / sum('probes'));
  }
  for (const [name, first] of [
    ['child to grown-up', true],
    ['grown-up to child', false],
  ] as const) {
    const parts = await Promise.all(halves.map((faces) => years(faces, first, calibration)));
    const [right, all] = [0, 1].map((at) => parts.reduce((sum, part) => sum + part[at]!, 0));
    rows[`${name}: rank-1`] = percent(right! / all!);
  }
  return rows;
}

interface Tally {
  probes: number;
  first: number;
  identified: number;
  right: number;
  wrong: number;
}

async function one(faces: readonly Face[], calibration: Calibration): Promise<Tally> {
  const task = taskOf(await grouped(faces, calibration));
  const verdicts = await judged(task, calibration);
  const sure = sureOf(verdicts, 1 - FAR) as Verdict[];
  const right = sure.filter((verdict) => verdict.right).length;
  return {
    probes: task.probes,
    first: verdicts.filter((verdict) => verdict.right).length,
    identified: identified(verdicts, FPIR, task.strangers),
    right,
    wrong: sure.length - right,
  };
}

/** Everybody in one library, known by one face of one age. @returns faces of the other age that are found first, and all */
async function years(
  faces: readonly Face[],
  isChildKnown: boolean,
  calibration: Calibration,
): Promise<[number, number]> {
  const children = new Set(faces.filter(({ child }) => child).map(({ person }) => person));
  const both = new Set(
    faces.filter(({ child, person }) => !child && children.has(person)).map(({ person }) => person),
  );
  // The known age comes first by name, so that the example is one of it.
  const renamed = (await grouped(faces, calibration)).map((face) => ({
    ...face,
    path: `${face.person}/${Number(face.child !== isChildKnown)} ${face.path}`,
  }));
  const sorted = renamed.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const verdicts = await judged(taskOf(renamed), calibration);
  const probes = verdicts.filter(
    ({ row }) => both.has(sorted[row]!.person) && sorted[row]!.child !== isChildKnown,
  );
  return [probes.filter(({ right }) => right).length, probes.length];
}

/** Faces with the groups that Kith makes of them, each on a photo of its own. */
export async function grouped<T extends LfwFace>(
  faces: readonly T[],
  calibration: Calibration,
): Promise<T[]> {
  const size = faces[0]!.embedding.length;
  const vectors = new Float32Array(faces.length * size);
  faces.forEach(({ embedding }, row) => {
    vectors.set(embedding, row * size);
  });
  const photo = Int32Array.from(faces.keys());
  const quality = Float32Array.from(faces, (face) => face.quality);
  const children = Float32Array.from(faces, (face) => face.childhood);
  const labels = await cluster({ vectors, size, photo, quality, calibration, childhood: children }, product);
  return faces.map((face, row) => ({
    ...face,
    group: (labels[row]! < 0 ? null : labels[row]! + 1) as T['group'],
  }));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
