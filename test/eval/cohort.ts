import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CohortFile } from '../../electron/contract/cohort.ts';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { meanSimilarity } from '../../electron/grouping/catalog-cohort.ts';
import { random, shuffled } from '../../electron/grouping/random.ts';
import { cohortFile } from '../../models/cohort.ts';
import { type KnownFace, poolsOf, type ReliabilityWork } from './reliability-pools.ts';

/** Clusters of a cohort, at most. Chosen by hand: twice as many change nothing. */
const CLUSTERS = 200;

/** Faces of which a cluster is the mean, at least, so that no mean is one person's face. */
const LEAST_FACES = 5;

/** Rounds of k-means; the means hardly move afterwards. */
const ROUNDS = 25;

/** Fits an encoder's cohort on all of LFW and LAG, and puts it into the catalog. @returns the file */
export async function writeCohort(
  detector: DetectorId,
  encoder: EncoderId,
  work: ReliabilityWork,
): Promise<string> {
  const { pools } = await poolsOf(detector, encoder, work);
  const { means, level, size } = fitCohort(pools.everybody);
  const step = means.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
  const bytes = Int8Array.from(means, (value) => Math.round(value / step));
  const kept: CohortFile = {
    command: `npm run eval -- cohort ${detector}/${encoder}`,
    source: `${pools.everybody.length.toLocaleString('en')} faces of Labeled Faces in the Wild and Large Age-Gap, as ${means.length / size} means of ${LEAST_FACES} or more`,
    ...{ level: Number(level.toPrecision(4)), size, step: Number(step.toPrecision(6)) },
    means: Buffer.from(bytes.buffer).toString('base64'),
  };
  const file = fileURLToPath(cohortFile(encoder));
  writeFileSync(file, `${JSON.stringify(kept).replaceAll(',"', ',\n"')}\n`);
  return file;
}

/** Spherical k-means (Dhillon & Modha 2001) over faces, and the mean similarity of two people. */
export function fitCohort(faces: readonly KnownFace[]): { means: Float32Array; level: number; size: number } {
  const embeddings = faces.map(({ embedding }) => embedding);
  const size = embeddings[0]!.length;
  const people = [...Map.groupBy(faces, ({ person }) => person).values()].map((own) =>
    meanOf(own.map(({ embedding }) => embedding)),
  );
  let centres = shuffled(embeddings, random(1)).slice(0, CLUSTERS);
  let means: Float32Array[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const clusters = Map.groupBy(embeddings, (one) => nearestTo(one, centres));
    means = [...clusters.values()].filter(({ length }) => length >= LEAST_FACES).map(meanOf);
    centres = means.map((mean) => {
      const length = Math.hypot(...mean);
      return mean.map((value) => value / length);
    });
  }
  return { means: packed(means), level: meanSimilarity(packed(people), size)!, size };
}

function nearestTo(one: Float32Array, centres: readonly Float32Array[]): number {
  let [best, most] = [0, -2];
  for (const [at, centre] of centres.entries()) {
    let sum = 0;
    for (let i = 0; i < one.length; i++) sum += centre[i]! * one[i]!;
    if (sum > most) [best, most] = [at, sum];
  }
  return best;
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length;
  }
  return mean;
}

function packed(vectors: readonly Float32Array[]): Float32Array {
  const size = vectors[0]!.length;
  const all = new Float32Array(vectors.length * size);
  vectors.forEach((vector, at) => {
    all.set(vector, at * size);
  });
  return all;
}
