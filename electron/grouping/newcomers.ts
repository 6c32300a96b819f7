import { similarityAt } from './calibrate.ts';
import { type ClusterInput, cluster, LENIENCE } from './cluster.ts';
import { COHORT, cohortOf, type Others } from './crowding.ts';
import { listsOf, type Nearest } from './nearest.ts';
import type { Product } from './product.ts';
import { packed } from './versions.ts';

/** Faces of a large library, of which some have come since the others were grouped. */
export interface NewcomersInput extends Omit<ClusterInput, 'start' | 'others' | 'order' | 'seed'> {
  nearest: Nearest;
  /** All rows in an order that depends on their content alone. */
  order: Int32Array;
  /** Group of each face, 0: none. */
  groups: Int32Array;
  /** Groups that hold still: none of their faces leaves, and no two of them become one. */
  held: ReadonlySet<number>;
  /** Whether a face has come since the groups were made. */
  isNew: (row: number) => boolean;
}

/**
 * Groups the faces that have come, and whatever is near to one of them: two groups that were apart come no nearer to
 * each other, but by a face that is near to both. So the time that it takes depends on how many have come.
 *
 * Groups that are there may become one, or fall into parts when they do; nothing else of them changes. Where as many have
 * come as would change how crowded it is around the others, {@link cluster} for all is right.
 *
 * @returns a group of each face, as {@link cluster} gives it; those that no new face is near to are as they were
 */
export async function groupNewcomers(input: NewcomersInput, product?: Product): Promise<Int32Array> {
  const { vectors, size, photo, quality, calibration, groups, held, order } = input;
  const bound = similarityAt(calibration.link - LENIENCE, calibration);
  const isOpen = openTo(input, bound);
  const rows = Int32Array.from(groups.keys()).filter((row) => isOpen[row] === 1);
  const place = new Map([...rows].map((row, at) => [row, at]));
  const placed = (pairs: ReadonlyArray<readonly [number, number]> = []) =>
    pairs.flatMap(([a, b]) => {
      const [one, other] = [place.get(a), place.get(b)];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    });
  const isHeld = (row: number) => held.has(groups[row]!);
  const labels = await cluster(
    {
      ...{ size, calibration },
      vectors: packed(vectors, size, rows),
      photo: rows.map((row) => photo[row]!),
      quality: Float32Array.from(rows, (row) => quality[row]!),
      cannotLink: placed(input.cannotLink),
      versions: placed(input.versions),
      seed: rows.map((row) => (isHeld(row) ? groups[row]! : 0)),
      start: rows.map((row) => (isHeld(row) ? 0 : groups[row]!)),
      nearest: listsOf(input.nearest, rows),
      order: order.filter((row) => isOpen[row] === 1).map((row) => place.get(row)!),
      others: othersOf(input, isOpen),
    },
    product,
  );
  const all = new Int32Array(groups.length).fill(-1);
  rows.forEach((row, at) => {
    all[row] = labels[at]!;
  });
  let last = labels.reduce((most, label) => Math.max(most, label), -1);
  const settled = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    if (isOpen[row] === 1 || group === 0) continue;
    if (!settled.has(group)) settled.set(group, ++last);
    all[row] = settled.get(group)!;
  }
  return all;
}

/** 1 for new faces, those near to one, and all faces of the groups that these are in. */
function openTo({ nearest, groups, isNew }: NewcomersInput, bound: number): Uint8Array {
  const { count, rows, dots } = nearest;
  const near = Uint8Array.from(groups, (_, row) => Number(isNew(row)));
  for (let row = 0; row < groups.length; row++) {
    for (let at = row * count; at < (row + 1) * count && rows[at]! >= 0 && dots[at]! >= bound; at++) {
      if (isNew(row)) near[rows[at]!] = 1;
      else if (isNew(rows[at]!)) near[row] = 1;
    }
  }
  const touched = new Set(groups.filter((group, row) => group > 0 && near[row] === 1));
  return near.map((value, row) => Number(value === 1 || touched.has(groups[row]!)));
}

/** What is to be known of the faces that are not open. */
function othersOf(
  { vectors, size, quality, groups, calibration }: NewcomersInput,
  isOpen: Uint8Array,
): Others {
  const rows = Int32Array.from(groups.keys()).filter(
    (row) => isOpen[row] === 0 && quality[row]! >= calibration.founder,
  );
  // A face that is alone counts as a group of its own.
  const owner = rows.map((row) => (groups[row]! > 0 ? -groups[row]! : row));
  const cohort = cohortOf(packed(vectors, size, rows), size, owner);
  const step = Math.max(1, rows.length / COHORT);
  const chosen = Int32Array.from({ length: Math.min(COHORT, rows.length) }, (_, i) => Math.floor(i * step));
  return {
    groups: new Set(owner).size,
    means: cohort.means,
    faces: {
      vectors: packed(
        vectors,
        size,
        chosen.map((at) => rows[at]!),
      ),
      own: chosen.map((at) => cohort.own[at]!),
      count: rows.length,
    },
  };
}
