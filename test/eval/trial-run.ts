/** The process of one trial: see trial.ts. Argument: the task as JSON. Sends the result to its parent. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { EncoderKey } from '../../electron/contract/ids.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { sureOf } from '../../electron/grouping/match-probability.ts';
import { tryMetric } from '../../electron/grouping/metric-trial.ts';
import { project } from '../../electron/grouping/projection.ts';
import { shifted } from '../../electron/grouping/self-calibrate.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { loadEmbeddings } from '../../electron/service/load-embeddings.ts';
import { ownCalibration } from '../../electron/service/own-calibration.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';
import { albumOf, answersOf } from './album.ts';
import { baselineOf } from './baselines.ts';
import { familiar, knownAtBothAges } from './learn.ts';
import { type LfwFace, lagFolder, lfwFiles, runFaces } from './lfw.ts';
import { judged, type Task, taskOf, type Verdict } from './people.ts';
import { product } from './product.ts';
import type { PersonTally, TrialSet, TrialTask } from './trial.ts';

const task = JSON.parse(process.argv[2]!) as TrialTask;
const { detector, encoder, out } = task;
const key = await encoderKey(encoder, openStore());
const quiet = () => {};

const lfwFile = join(out, `${detector}-${encoder}.kith`);
const lagFile = join(out, `lag-${detector}-${encoder}.kith`);
const lfw = await runFaces(detector, encoder, {
  file: lfwFile,
  folder: lfwFiles().pictures,
  onProgress: quiet,
});
const lag = await runFaces(detector, encoder, { file: lagFile, folder: lagFolder(), onProgress: quiet });
const adults = [...lfw.faces.values()];
const aged = (age: string) => [...lag.faces.values()].filter(({ path }) => path.includes(`/${age}_`));

const sets: Record<string, TrialSet> = {};
const own = { lfw: await calibrationIn(lfwFile, key), lag: await calibrationIn(lagFile, key) };
const adultTask = await grouped(adults, own.lfw);
sets.adults = await measured(adultTask, taskOf(adultTask.faces), own.lfw);
const [examples, several] = familiar(adultTask.faces, 4);
sets['adults, several examples'] = await measured(adultTask, several, own.lfw, task.learns ? examples : null);
for (const age of ['adult', 'young']) {
  const some = await grouped(aged(age), own.lag);
  sets[age === 'adult' ? 'grown up' : 'children'] = await measured(some, taskOf(some.faces), own.lag);
}
const everybody = await grouped([...lag.faces.values()], own.lag);
sets['one example of each age'] = await measured(everybody, knownAtBothAges(everybody.faces), own.lag);
const albumFaces = await albumOf({ detector, encoder }, out);
sets.album = await clustered(albumFaces);
const answers = task.answers ? await answersOf({ detector, encoder }, out) : null;
process.send!({ sets, answers }, () => process.exit());

/** As the application has it: the catalog's, moved by what the library's own pairs tell. */
async function calibrationIn(file: string, by: EncoderKey): Promise<Calibration> {
  const library = openLibrary(file);
  try {
    const loaded = await loadEmbeddings(library, by, product);
    return await ownCalibration(library, by, loaded, calibrationOf(by), product);
  } finally {
    library.close();
  }
}

/** Several people a photo; only how well they are grouped. */
async function clustered({
  file,
  calibration,
  faces,
}: Awaited<ReturnType<typeof albumOf>>): Promise<TrialSet> {
  const own = task.baseline ? calibration : await calibrationIn(file, key);
  const { labels, milliseconds } = await labelled(
    faces,
    Int32Array.from(faces, ({ photo }) => photo),
    own,
  );
  const named = faces.map((face) => ({ person: face.person }));
  return { people: tallied(named, labels, null, []), grouping: milliseconds, matching: 0 };
}

interface Grouped {
  faces: LfwFace[];
  labels: Int32Array;
  milliseconds: number;
}

/** The faces in an order that is always the same, in the groups that the engine gives them now. */
async function grouped(some: readonly LfwFace[], calibration: Calibration): Promise<Grouped> {
  const faces = some.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const { labels, milliseconds } = await labelled(faces, Int32Array.from(faces.keys()), calibration);
  const named = faces.map((face, row) => ({ ...face, group: groupOf(labels[row]!) }));
  return { faces: named, labels, milliseconds };
}

/** @param photo of each face */
async function labelled(
  faces: readonly { embedding: Float32Array; quality: number; childhood?: number }[],
  photo: Int32Array,
  calibration: Calibration,
): Promise<Pick<Grouped, 'labels' | 'milliseconds'>> {
  const { vectors, size } = packed(faces);
  const quality = Float32Array.from(faces, (face) => face.quality);
  const from = performance.now();
  const childhood = Float32Array.from(faces, (face) => face.childhood ?? 0);
  const labels = await cluster({ vectors, size, calibration, photo, quality, childhood }, product);
  return { labels, milliseconds: performance.now() - from };
}

function packed(faces: readonly { embedding: Float32Array }[]): { vectors: Float32Array; size: number } {
  const size = faces[0]!.embedding.length;
  const vectors = new Float32Array(faces.length * size);
  faces.forEach(({ embedding }, row) => {
    vectors.set(embedding, row * size);
  });
  return { vectors, size };
}

/** Groups count from 1, as the record's do. */
function groupOf(label: number): LfwFace['group'] {
  return label < 0 ? null : ((label + 1) as LfwFace['group']);
}

/** @param learnFrom faces that a metric is learned from; null: none is */
async function measured(
  { faces, labels, milliseconds }: Grouped,
  gallery: Task,
  calibration: Calibration,
  learnFrom: readonly LfwFace[] | null = null,
): Promise<TrialSet> {
  const from = performance.now();
  const seen = learnFrom ? learned(gallery, learnFrom, calibration) : { gallery, calibration };
  const verdicts = task.baseline
    ? baselineOf(task.baseline, seen.gallery)
    : await judged(seen.gallery, seen.calibration);
  const matching = performance.now() - from;
  return { people: tallied(faces, labels, gallery, verdicts), grouping: milliseconds, matching };
}

function learned(gallery: Task, faces: readonly LfwFace[], calibration: Calibration) {
  const numbers = new Map([...new Set(faces.map(({ person }) => person))].map((name, at) => [name, at]));
  const { vectors, size } = packed(faces);
  const people = Int32Array.from(faces, ({ person }) => numbers.get(person)!);
  const quality = Float32Array.from(faces, (face) => face.quality);
  const trial = tryMetric({ vectors, size, people, quality }, 'triplet', calibration);
  return {
    gallery: {
      ...gallery,
      faces: { ...gallery.faces, vectors: project(gallery.faces.vectors, trial.projection) },
    },
    calibration: shifted(calibration, { shift: trial.shift, state: 'shifted' }),
  };
}

/** @param gallery null: nobody is looked for */
function tallied(
  faces: readonly { person: string }[],
  labels: Int32Array,
  gallery: Task | null,
  verdicts: readonly Verdict[],
): PersonTally[] {
  const names = [...new Set(faces.map(({ person }) => person))];
  const numberOf = new Map(names.map((name, at) => [name, at]));
  const people = names.map(
    (): PersonTally => ({
      probes: 0,
      first: 0,
      identified: 0,
      right: 0,
      wrong: 0,
      precision: 0,
      recall: 0,
      faces: 0,
    }),
  );
  const of = (row: number) => people[numberOf.get(faces[row]!.person)!]!;
  faces.forEach((_, row) => {
    if (gallery && gallery.truth[row]! >= 0 && !gallery.said.labelled[row]) of(row).probes++;
  });
  const impostors = verdicts.filter(({ isStranger }) => isStranger).map(({ probability }) => probability);
  const bound = impostors.toSorted((a, b) => b - a)[Math.floor(0.01 * (gallery?.strangers ?? 0))] ?? -2;
  for (const { row, right, probability } of verdicts) {
    if (right) of(row).first++;
    if (right && probability > bound) of(row).identified++;
  }
  for (const { row, right } of sureOf(verdicts, 0.999)) of(row)[right ? 'right' : 'wrong']++;
  const together = Map.groupBy(labels.keys(), (row) => (labels[row]! < 0 ? -1 - row : labels[row]!));
  const whole = Map.groupBy(faces.keys(), (row) => faces[row]!.person);
  for (const rows of together.values()) {
    for (const row of rows) {
      const same = rows.filter((other) => faces[other]!.person === faces[row]!.person).length;
      const person = of(row);
      person.faces++;
      person.precision += same / rows.length;
      person.recall += same / whole.get(faces[row]!.person)!.length;
    }
  }
  return people;
}
