import { KithError } from '../contract/errors.ts';
import { type EncoderKey, encoderOf } from '../contract/ids.ts';
import {
  LEAST_TO_LEARN,
  type Learning,
  type LearningCurves,
  type LearningState,
  type LossName,
} from '../contract/learning.ts';
import { rowsToLearnFrom } from '../grouping/learn-from.ts';
import type { Confirmed, MetricTrial } from '../grouping/metric-trial.ts';
import { pickRows } from '../grouping/rows.ts';
import type { Library } from '../library/open.ts';
import { alignedEmbeddings, alignmentOf, metricOf } from './aligned.ts';
import { calibrationOf } from './encoder.ts';
import { inThread } from './thread.ts';

/** What the thread is given; see grouping/metric-trial.ts. */
export interface LearnTask {
  confirmed: Confirmed;
  loss: LossName;
  qualitySlope: number;
}

interface LearnOptions {
  library: Library;
  encoder: EncoderKey;
  loss: LossName;
  /** Where models are looked up; the usual folders when left out. */
  folders?: readonly string[];
}

/**
 * Learns a metric from the faces that the user has named, alone or with their group. The metric is kept where it is better
 * on faces that were held out. Where it is not, a former metric of the same loss is removed. Either is one entry of the
 * journal.
 *
 * @throws KithError bad-request where there is too little to learn from, or the encoder is not calibrated
 */
export async function learnMetric({
  library,
  encoder,
  loss,
  folders,
}: LearnOptions): Promise<{ learning: Learning; curves: LearningCurves }> {
  const begin = performance.now();
  const { qualitySlope } = calibrationOf(encoder, folders);
  const { confirmed, faces, people } = confirmedFaces(library, encoder);
  requireEnough(faces, people);
  const task: LearnTask = { confirmed, loss, qualitySlope };
  const trial = await inThread<MetricTrial>(new URL('./learn-worker.ts', import.meta.url), task);
  const { before, after, gain, adopted, reason, projection, shift } = trial;
  const learning: Learning = {
    encoder: encoderOf(encoder).id,
    ...{ loss, faces: confirmed.people.length, people: new Set(Array.from(confirmed.people)).size },
    pairs: { genuine: trial.genuine, impostor: trial.impostor },
    before: { doubt: before.doubt, tarAtFar: before.tarAtFar },
    after: { doubt: after.doubt, tarAtFar: after.tarAtFar },
    ...{ gain, adopted, reason, seconds: Math.round(performance.now() - begin) / 1000 },
  };
  keep(
    library,
    encoder,
    adopted ? { ...projection, shift, alignment: alignmentOf(encoder), learning } : null,
    loss,
  );
  return { learning, curves: curvesOf(trial) };
}

/** Whether there is enough to learn from, and what is in use. */
export function learningState(library: Library, encoder: EncoderKey): LearningState {
  const { faces, people } = confirmedFaces(library, encoder);
  const metric = metricOf(library, encoder)?.learning ?? null;
  return { encoder: encoderOf(encoder).id, faces, people, least: LEAST_TO_LEARN, metric };
}

/** Goes back to the encoder's own metric. @returns whether another was in use */
export function forgetMetric(library: Library, encoder: EncoderKey): boolean {
  const former = library.metrics.get(encoder);
  if (former) keep(library, encoder, null, former.learning.loss);
  return former !== null;
}

function keep(
  library: Library,
  encoder: EncoderKey,
  metric: Parameters<Library['metrics']['put']>[1] | null,
  loss: LossName,
): void {
  const detail = { encoder: encoderOf(encoder).id, loss };
  if (metric !== null) {
    library.journal.act({ action: 'learn', detail, by: 'hand' }, () => library.metrics.put(encoder, metric));
  } else if (library.metrics.get(encoder)?.learning.loss === loss) {
    library.journal.act({ action: 'unlearn', detail, by: 'hand' }, () => library.metrics.forget(encoder));
  }
}

/** The faces that are learned from, and how many confirmed faces and people there are in all. */
function confirmedFaces(
  library: Library,
  encoder: EncoderKey,
): { confirmed: Confirmed; faces: number; people: number } {
  const persons = new Map(library.labels.examples().map(({ face, person }) => [face, person as number]));
  const { faceIds, vectors, size, qualities } = alignedEmbeddings(library, encoder);
  const known = faceIds.flatMap((face, row) => (persons.has(face) ? [row] : []));
  const people = known.map((row) => persons.get(faceIds[row]!)!);
  const chosen = rowsToLearnFrom(people);
  const rows = chosen.map((at) => known[at]!);
  return {
    confirmed: {
      ...{ vectors: pickRows(vectors, size, rows), size, people: chosen.map((at) => people[at]!) },
      quality: Float32Array.from(rows, (row) => qualities[row]!),
    },
    faces: known.length,
    people: new Set(people).size,
  };
}

function requireEnough(faces: number, people: number): void {
  const { faces: leastFaces, people: leastPeople } = LEAST_TO_LEARN;
  if (faces >= leastFaces && people >= leastPeople) return;
  throw new KithError(
    'bad-request',
    `Kith learns from ${leastFaces} confirmed faces of ${leastPeople} people or more, and there are ${faces} of ${people}: name or confirm some more first`,
  );
}

function curvesOf({ curve, distances, before, after }: MetricTrial): LearningCurves {
  const even = ({ evidence: { intercept, slope } }: MetricTrial['before']) => -intercept / slope;
  return {
    loss: curve,
    before: { distances: distances.before, even: even(before) },
    after: { distances: distances.after, even: even(after) },
  };
}
