import { similarityAt } from './calibrate.ts';
import { type ClusterInput, cluster } from './cluster.ts';
import { COHORT_SIZE, MOST_LENIENCE, NEWCOMER_SLACK } from './constants.ts';
import { type KnnGraph, subgraphOf } from './knn-graph.ts';
import { type Product, plainProduct } from './product.ts';
import { pickRows } from './rows.ts';
import { centredOffsets, cohortOf, type OtherFaces } from './score-normalisation.ts';

/** Faces of a large library, of which some have come since the others were grouped. */
export interface NewcomersInput extends Omit<ClusterInput, 'start' | 'others' | 'order' | 'seed'> {
  nearest: KnnGraph;
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
 * Groups that are there are looked at as one each. They may become one, unless they are held; nothing else of them changes.
 * Where as many have come as would change how crowded it is around the others, {@link cluster} for all is right.
 *
 * @returns a group of each face, as {@link cluster} gives it; those that no new face is near to are as they were
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
  const labels = await cluster(
    {
      ...{ size, calibration },
      vectors: pickRows(vectors, size, rows),
      photo: rows.map((row) => photo[row]!),
      quality: Float32Array.from(rows, (row) => quality[row]!),
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
    all[row] = labels[at]!;
  });
  let last = labels.reduce((most, label) => Math.max(most, label), -1);
  const labelled = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    if (isOpen[row] === 1 || group === 0) continue;
    if (!labelled.has(group)) labelled.set(group, ++last);
    all[row] = labelled.get(group)!;
  }
  return all;
}

/**
 * 1 for new faces, those near to one, and all faces of the groups that a new face may join: a group is looked at as one, so
 * it is near enough on average, or not at all.
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

/** Pairs of a new face and another to which it is near; where both are new, either way. */
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
 * The least dot product at which each new face may be joined with another: as the crowd around it has it, and with the most
 * that the other may be let off.
 */
async function boundsOf(input: NewcomersInput, product: Product): Promise<Map<number, number>> {
  const { vectors, size, quality, groups, calibration, isNew } = input;
  const [good, poor] = [true, false].map((isGood) =>
    [...groups.keys()].filter((row) => isNew(row) && quality[row]! >= calibration.founder === isGood),
  ) as [number[], number[]];
  const rows = Int32Array.from([...good, ...poor]);
  const crowded = await centredOffsets(
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
  const letOff = (similarityAt(calibration.link - MOST_LENIENCE, calibration) - linked) / 2;
  const bound = similarityAt(calibration.link - NEWCOMER_SLACK, calibration) + letOff;
  return new Map([...rows].map((row, at) => [row, bound + Math.max(letOff, crowded[at]!)]));
}

/** Mean vector of the good faces among some, of all where none is good: it is these that others are held against. */
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

/** What is to be known of the faces that are not open. */
function othersOf(
  { vectors, size, quality, groups, calibration }: NewcomersInput,
  isOpen: Uint8Array,
): OtherFaces {
  const rows = Int32Array.from(groups.keys()).filter(
    (row) => isOpen[row] === 0 && quality[row]! >= calibration.founder,
  );
  // A face that is alone counts as a group of its own.
  const owner = rows.map((row) => (groups[row]! > 0 ? -groups[row]! : row));
  const cohort = cohortOf(pickRows(vectors, size, rows), size, owner);
  const step = Math.max(1, rows.length / COHORT_SIZE);
  const chosen = Int32Array.from({ length: Math.min(COHORT_SIZE, rows.length) }, (_, i) =>
    Math.floor(i * step),
  );
  return {
    groups: new Set(owner).size,
    means: cohort.means,
    faces: {
      vectors: pickRows(
        vectors,
        size,
        chosen.map((at) => rows[at]!),
      ),
      own: chosen.map((at) => cohort.own[at]!),
      count: rows.length,
    },
  };
}
