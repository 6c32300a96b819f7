import type { Calibration } from '../../electron/contract/calibration.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { knnGraph } from '../../electron/grouping/knn-graph.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { groupNewcomers } from '../../electron/grouping/newcomers.ts';
import { contentOrder } from '../../electron/grouping/order.ts';
import { SHARE } from '../../electron/service/label-faces.ts';
import { random } from '../fixtures/random.ts';
import { product } from './product.ts';

/** Photos that arrive together. */
const BATCH = 200;

/** Faces that arrive, photo by photo. */
export interface Arrivals {
  /** By which detector and encoder. */
  name: string;
  /** As the library has it, when all have come: the application groups by it. */
  calibration: Calibration;
  faces: readonly {
    embedding: Float32Array;
    quality: number;
    photo: number;
    person: string;
    /** When all came at once; null for a face that is alone. */
    group: number | null;
  }[];
}

/**
 * Groups as a large library does just before it groups all anew, photos arriving in one random order after another: how
 * much the groups owe to the order, as B-cubed F of each order's groups against the first order's, and how right they are.
 * A library of up to 10,000 faces owes nothing to it: see imports.ts.
 */
export async function compareOrders({ name, calibration, faces }: Arrivals, orders: number): Promise<string> {
  const runs: Int32Array[] = [];
  for (let order = 1; order <= orders; order++) {
    process.stderr.write(`order ${order} of ${orders}\n`);
    runs.push(await grownIn(shuffled(faces, order), faces, calibration));
  }
  const people = faces.map(({ person }) => person);
  const right = runs.map((groups) => bCubed(groups, people).f);
  const alike = runs.slice(1).map(
    (groups) =>
      bCubed(
        groups,
        [...runs[0]!].map((group, row) => (group < 0 ? -1 - row : group)),
      ).f,
  );
  const whole = bCubed(
    faces.map(({ group }) => group ?? -1),
    people,
  ).f;
  const show = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)}, mean ${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4)}`;
  return [
    `${name}, ${orders} orders, ${BATCH} photos at a time`,
    `  self-B-cubed F ${show(alike)}`,
    `  B-cubed F ${show(right)}; all at once ${whole.toFixed(4)}`,
  ].join('\n');
}

/** Group of each face, −1 for one alone, when the photos arrive in this order. @param photos rows of each */
async function grownIn(
  photos: readonly (readonly number[])[],
  all: Arrivals['faces'],
  calibration: Calibration,
): Promise<Int32Array> {
  const size = all[0]!.embedding.length;
  const groups = new Int32Array(all.length);
  let before = 0;
  for (let end = Math.ceil((1 - SHARE) * photos.length); ; end += BATCH) {
    const present = photos.slice(0, end).flat();
    const vectors = new Float32Array(present.length * size);
    present.forEach((row, at) => {
      vectors.set(all[row]!.embedding, at * size);
    });
    const input = {
      ...{ vectors, size, calibration },
      photo: Int32Array.from(present, (row) => all[row]!.photo),
      quality: Float32Array.from(present, (row) => all[row]!.quality),
    };
    const labels =
      before === 0
        ? await cluster(input, product)
        : await groupNewcomers(
            {
              ...input,
              nearest: await knnGraph(vectors, size, product),
              order: contentOrder(input),
              groups: Int32Array.from(present, (row) => groups[row]!),
              held: new Set(),
              isNew: (at) => at >= before,
            },
            product,
          );
    before = present.length;
    labels.forEach((label, at) => {
      groups[present[at]!] = label + 1;
    });
    if (end >= photos.length) return groups.map((group) => group || -1);
  }
}

/** The rows of each photo, photos in a random order. */
function shuffled(faces: Arrivals['faces'], seed: number): number[][] {
  const next = random(seed);
  return [...Map.groupBy(faces.keys(), (row) => faces[row]!.photo).values()]
    .map((rows) => ({ rows, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ rows }) => rows);
}
