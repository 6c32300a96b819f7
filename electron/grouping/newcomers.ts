import { similarityAt } from './calibrate.ts';
import { type ClusterInput, cluster } from './cluster.ts';
import { COHORT_SIZE, MOST_LENIENCE, NEWCOMER_SLACK } from './constants.ts';
import { type KnnGraph, subgraphOf } from './knn-graph.ts';
import { type Product, plainProduct } from './product.ts';
import { pickRows } from './rows.ts';
import { centredOffsets, cohortOf, type OtherFaces } from './score-normalisation.ts';

/** Faces of a large library, some of which are new since the others were clustered. */
export interface NewcomersInput extends Omit<ClusterInput, 'start' | 'others' | 'order' | 'seed'> {
  nearest: KnnGraph;
  /** All rows in an order that depends on their content alone. */
  order: Int32Array;
  /** Group of each face in the record, 0: none. */
  groups: Int32Array;
  /** Groups that the record holds still: none of their faces leaves, and no two of them are merged. */
  held: ReadonlySet<number>;
  /** Whether a face is new since the groups were made. */
  isNew: (row: number) => boolean;
}

/**
 * Clusters new faces together with the faces and groups near them. Only a new face that is near two groups can bring
 * them closer to each other, so all other groups stay as they are. The time depends on the number of new faces, not on
 * the size of the library.
 *
 * Each group of the record is one cluster at the beginning. Two groups may be merged, unless both are held; nothing
 * else of a group changes. Where the new faces are so many that they change the normalisation offsets of the others,
 * call {@link cluster} for all faces instead.
 *
 * @returns cluster of each face, as {@link cluster} gives it; groups that are not near a new face are as they were
 */
export async function groupNewcomers(input: NewcomersInput, product?: Product): Promise<Int32Array> {
  const { vectors, size, photo, quality, calibration, groups, held, order } = input;
  const isOpen = openTo(input, await boundsOf(input, product ?? plainProduct));
  const rows = Int32Array.from(groups.keys()).filter((row) => isOpen[row] === 1);
  const place = new Map([...rows].map((row, at) => [row, at]));
  const placed = (pairs: ReadonlyArray<readonly [number, number]> = []) =>
    pairs.flatMap(([a, b]) => {
      const [one, other] = [place.get(a), place.get(b)];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    });
  const isHeld = (row: number) => held.has(groups[row]!);
  const clusters = await cluster(
    {
      ...{ size, calibration },
      vectors: pickRows(vectors, size, rows),
      photo: rows.map((row) => photo[row]!),
      quality: Float32Array.from(rows, (row) => quality[row]!),
      childhood: Float32Array.from(rows, (row) => input.childhood?.[row] ?? 0),
      cannotLink: placed(input.cannotLink),
      versions: placed(input.versions),
      seed: rows.map((row) => (isHeld(row) ? groups[row]! : 0)),
      start: rows.map((row) => groups[row]!),
      nearest: subgraphOf(input.nearest, rows),
      order: order.filter((row) => isOpen[row] === 1).map((row) => place.get(row)!),
      others: othersOf(input, isOpen),
    },
    product,
  );
  const all = new Int32Array(groups.length).fill(-1);
  rows.forEach((row, at) => {
    all[row] = clusters[at]!;
  });
  let last = clusters.reduce((most, number) => Math.max(most, number), -1);
  const numbers = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    if (isOpen[row] === 1 || group === 0) continue;
    if (!numbers.has(group)) numbers.set(group, ++last);
    all[row] = numbers.get(group)!;
  }
  return all;
}

/**
 * Chooses the faces that are clustered again: 1 for new faces, for single faces near one, and for all faces of a group
 * that a new face may join. A new face may join a group when it is near the group's mean.
 *
 * @param bounds least dot product of each new face: see {@link boundsOf}
 */
function openTo(input: NewcomersInput, bounds: ReadonlyMap<number, number>): Uint8Array {
  const { vectors, size, groups, isNew } = input;
  const isOpen = Uint8Array.from(groups, (_, row) => Number(isNew(row)));
  const touched = new Set<number>();
  const near = new Map<number, Set<number>>();
  for (const [newcomer, other] of pairsWithNew(input, bounds)) {
    const group = groups[other]!;
    if (group === 0) isOpen[other] = 1;
    else if (groups[newcomer]! > 0) touched.add(group);
    else near.set(group, (near.get(group) ?? new Set()).add(newcomer));
    if (groups[newcomer]! > 0) touched.add(groups[newcomer]!);
  }
  const rows = Map.groupBy(
    [...groups.keys()].filter((row) => near.has(groups[row]!)),
    (row) => groups[row]!,
  );
  for (const [group, newcomers] of near) {
    const mean = meanOf(input, rows.get(group)!);
    const along = (row: number) => mean.reduce((sum, value, i) => sum + value * vectors[row * size + i]!, 0);
    if ([...newcomers].some((row) => along(row) >= bounds.get(row)!)) touched.add(group);
  }
  return isOpen.map((value, row) => Number(value === 1 || touched.has(groups[row]!)));
}

/** Pairs of a new face and a near one, out of the k-NN graph; both ways where both faces are new. */
function* pairsWithNew(
  { nearest, groups }: NewcomersInput,
  bounds: ReadonlyMap<number, number>,
): Generator<[number, number]> {
  const { count, rows, dots } = nearest;
  for (let row = 0; row < groups.length; row++) {
    const bound = bounds.get(row);
    for (let at = row * count; at < (row + 1) * count && rows[at]! >= 0; at++) {
      if (bound !== undefined && dots[at]! >= bound) yield [row, rows[at]!];
      const its = bounds.get(rows[at]!);
      if (its !== undefined && dots[at]! >= its) yield [rows[at]!, row];
    }
  }
}

/**
 * The least dot product at which each new face may share a cluster with another. It includes the new face's own
 * normalisation offset, and the lowest offset that the other face can have.
 */
async function boundsOf(input: NewcomersInput, product: Product): Promise<Map<number, number>> {
  const { vectors, size, quality, groups, calibration, isNew } = input;
  const [good, poor] = [true, false].map((isGood) =>
    [...groups.keys()].filter((row) => isNew(row) && quality[row]! >= calibration.founder === isGood),
  ) as [number[], number[]];
  const rows = Int32Array.from([...good, ...poor]);
  const offsets = await centredOffsets(
    {
      ...{ vectors: pickRows(vectors, size, rows), size },
      owner: Int32Array.from(good.keys()),
      faces: new Int32Array(rows.length).fill(1),
    },
    product,
    othersOf(
      input,
      Uint8Array.from(groups, (_, row) => Number(isNew(row))),
    ),
  );
  const linked = similarityAt(calibration.link, calibration);
  const lowestOffset = (similarityAt(calibration.link - MOST_LENIENCE, calibration) - linked) / 2;
  const bound = similarityAt(calibration.link - NEWCOMER_SLACK, calibration) + lowestOffset;
  return new Map([...rows].map((row, at) => [row, bound + Math.max(lowestOffset, offsets[at]!)]));
}

/** Mean vector of the good faces among `rows`, or of all where none is good: linkage compares with good faces. */
function meanOf(
  { vectors, size, quality, calibration }: NewcomersInput,
  rows: readonly number[],
): Float64Array {
  const good = rows.filter((row) => quality[row]! >= calibration.founder);
  const some = good.length > 0 ? good : rows;
  const sum = new Float64Array(size);
  for (const row of some) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
  return sum.map((value) => value / some.length);
}

/** What score normalisation must know of the faces that are not clustered again. */
function othersOf(
  { vectors, size, quality, groups, calibration }: NewcomersInput,
  isOpen: Uint8Array,
): OtherFaces {
  const rows = Int32Array.from(groups.keys()).filter(
    (row) => isOpen[row] === 0 && quality[row]! >= calibration.founder,
  );
  // A face without a group counts as a cluster of its own.
  const owner = rows.map((row) => (groups[row]! > 0 ? -groups[row]! : row));
  const cohort = cohortOf(pickRows(vectors, size, rows), size, owner);
  const step = Math.max(1, rows.length / COHORT_SIZE);
  const sample = Int32Array.from({ length: Math.min(COHORT_SIZE, rows.length) }, (_, i) =>
    Math.floor(i * step),
  );
  return {
    groups: new Set(owner).size,
    means: cohort.means,
    faces: {
      vectors: pickRows(
        vectors,
        size,
        sample.map((at) => rows[at]!),
      ),
      own: sample.map((at) => cohort.own[at]!),
      count: rows.length,
    },
  };
}
