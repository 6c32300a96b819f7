import { cluster } from '../../electron/grouping/cluster.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { random } from '../fixtures/random.ts';
import type { LfwFace, LfwRun } from './lfw.ts';
import { product } from './product.ts';

/** Photos that arrive together. */
const BATCH = 500;

/**
 * Groups that hold still, photos arriving in one random order after another: how much the groups owe to the order, as
 * B-cubed F of each order's groups against the first order's, and how right they are.
 */
export async function compareOrders(
  { detector, encoder, key, faces }: LfwRun,
  orders: number,
): Promise<string> {
  const all = [...faces.values()];
  const runs: Int32Array[] = [];
  for (let order = 1; order <= orders; order++) {
    process.stderr.write(`order ${order} of ${orders}\n`);
    runs.push(await grownIn(shuffled(all.length, order), all, calibrationOf(key)));
  }
  const people = all.map(({ person }) => person);
  const right = runs.map((groups) => bCubed(groups, people).f);
  const alike = runs.slice(1).map(
    (groups) =>
      bCubed(
        groups,
        [...runs[0]!].map((group, row) => (group < 0 ? -1 - row : group)),
      ).f,
  );
  const whole = bCubed(
    all.map(({ group }) => group ?? -1),
    people,
  ).f;
  const show = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)}, mean ${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4)}`;
  return [
    `${detector} + ${encoder}, ${orders} orders, ${BATCH} photos at a time`,
    `  self-B-cubed F ${show(alike)}`,
    `  B-cubed F ${show(right)}; all at once ${whole.toFixed(4)}`,
  ].join('\n');
}

/** Group of each face, −1 for one alone, when they arrive in this order. */
async function grownIn(
  order: readonly number[],
  all: readonly LfwFace[],
  calibration: ReturnType<typeof calibrationOf>,
): Promise<Int32Array> {
  const size = all[0]!.embedding.length;
  const groups = new Int32Array(all.length);
  for (let end = BATCH; ; end += BATCH) {
    const present = order.slice(0, end);
    const vectors = new Float32Array(present.length * size);
    present.forEach((row, at) => {
      vectors.set(all[row]!.embedding, at * size);
    });
    const input = {
      ...{ vectors, size, calibration },
      photo: Int32Array.from(present),
      quality: Float32Array.from(present, (row) => all[row]!.quality),
      seed: Int32Array.from(present, (row) => groups[row]!),
    };
    const labels = await cluster(input, product);
    const numbers = new Map<number, number>();
    labels.forEach((label, at) => {
      if (label >= 0 && groups[present[at]!]! > 0) numbers.set(label, groups[present[at]!]!);
    });
    let last = groups.reduce((most, group) => Math.max(most, group), 0);
    labels.forEach((label, at) => {
      if (label < 0) return;
      if (!numbers.has(label)) numbers.set(label, ++last);
      groups[present[at]!] = numbers.get(label)!;
    });
    if (end >= all.length) return groups.map((group) => group || -1);
  }
}

function shuffled(count: number, seed: number): number[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, row) => ({ row, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}
