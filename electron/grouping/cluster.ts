import type { Calibration } from '../contract/calibration.ts';
import { agglomerate } from './agglomerate.ts';
import { attach } from './attach.ts';
import { splitOf } from './bisecting-split.ts';
import { type Evidence, qualityPenalty, similarityAt } from './calibrate.ts';
import { CHILDREN_EVIDENCE, MOST_LENIENCE, VERSION_EVIDENCE } from './constants.ts';
import { Groups } from './groups.ts';
import { type KnnGraph, knnGraph, subgraphOf } from './knn-graph.ts';
import { contentOrder } from './order.ts';
import { type Product, plainProduct } from './product.ts';
import { pickRows } from './rows.ts';
import { centredOffsets, type OtherFaces } from './score-normalisation.ts';
import { type ClusterFaces, constraintsOf, distinct, versionsOf } from './versions.ts';

export interface ClusterInput {
  /** n × size, packed row by row, each L2-normalised, all by one encoder. */
  vectors: Float32Array;
  size: number;
  /** Photo of each face; any numbers. Two faces of one photo never share a cluster. */
  photo: Int32Array;
  /** Quality of each face, 0..1. */
  quality: Float32Array;
  calibration: Calibration;
  /** Probability that each face is a child's, 0..1; when left out, all are grown-ups'. */
  childhood?: Float32Array;
  /** Cannot-link constraints: pairs of rows known to be two people. */
  cannotLink?: ReadonlyArray<readonly [number, number]>;
  /**
   * Must-link constraints: a number for the faces that stay together, 0: none. Other faces may join them. Faces with
   * two different seeds never share a cluster.
   */
  seed?: Int32Array;
  /** Clusters in which faces begin, 0: none. Two of them may be merged; such a merged cluster may be split again. */
  start?: Int32Array | undefined;
  /** The k-NN graph, where it is known; computed otherwise. */
  nearest?: KnnGraph;
  /** All rows in an order that depends on their content alone; that of order.ts when left out. */
  order?: Int32Array;
  /** Pairs of rows on versions of one photo, whatever their vectors are, the most similar first. */
  versions?: ReadonlyArray<readonly [number, number]>;
  /** Faces that are not clustered here, but that belong to the cohort of score normalisation. */
  others?: OtherFaces;
}

/**
 * Clusters faces so that each cluster is one person. The steps:
 *
 * 1. Versions of one photo become one row (versions.ts).
 * 2. Average linkage merges good faces by their raw similarities (agglomerate.ts).
 * 3. These clusters are the cohort of score normalisation (score-normalisation.ts).
 * 4. Average linkage merges good faces again, by normalised similarities. Children need more evidence.
 * 5. Clusters that look like two people are split (bisecting-split.ts).
 * 6. Poor faces join the clusters (attach.ts), and clusters of one seed are joined.
 *
 * The same faces in any order give the same clusters.
 *
 * @param product multiplies blocks of vectors; in plain TypeScript when left out, which suits some thousand faces
 * @returns cluster of each face, from 0 (the largest) without gaps; −1 for a single face
 */
export async function cluster(input: ClusterInput, product: Product = plainProduct): Promise<Int32Array> {
  const { faces, rowOf } = await withoutVersions(input, product);
  const owner = await clusterDistinct(faces, input.calibration, product, input.others);
  return numbered(rowOf.map((row) => owner[row]!));
}

/**
 * One row for all versions of each face: the good ones first, each part in the order of their content. A function of its own,
 * so that the rows with versions, some 35 MB of 100,000 faces, are freed before the others are clustered.
 *
 * @returns `rowOf`: for each face of the input the row that stands for it
 */
async function withoutVersions(
  input: ClusterInput,
  product: Product,
): Promise<{ faces: ClusterFaces; rowOf: Int32Array }> {
  const { size, calibration } = input;
  const ordered = input.order ?? contentOrder(input);
  const isGood = (row: number) => input.quality[row]! >= calibration.founder;
  const order = Int32Array.from([...ordered.filter(isGood), ...ordered.filter((row) => !isGood(row))]);
  const place = new Int32Array(order.length);
  order.forEach((row, at) => {
    place[row] = at;
  });
  const vectors = pickRows(input.vectors, size, order);
  const all: ClusterFaces = {
    ...{ vectors, size },
    photos: Array.from(order, (row) => [input.photo[row]!]),
    quality: Float32Array.from(order, (row) => input.quality[row]!),
    childhood: Float32Array.from(order, (row) => input.childhood?.[row] ?? 0),
    nearest: input.nearest ? subgraphOf(input.nearest, order) : await knnGraph(vectors, size, product),
    cannotLink: (input.cannotLink ?? []).map(([a, b]) => [place[a]!, place[b]!]),
    seed: Int32Array.from(order, (row) => input.seed?.[row] ?? 0),
    start: Int32Array.from(order, (row) => input.start?.[row] ?? 0),
  };
  const versions = (input.versions ?? []).map(([a, b]) => [place[a]!, place[b]!] as const);
  const bestVersion = await versionsOf(all, similarityAt(VERSION_EVIDENCE, calibration), product, versions);
  const { faces, at } = distinct(all, bestVersion);
  return { faces, rowOf: place.map((where) => at[bestVersion[where]!]!) };
}

/** Clusters faces of which no two are versions of one photo. @returns id of each face's cluster: one of its rows */
async function clusterDistinct(
  known: ClusterFaces,
  calibration: Calibration,
  product: Product,
  others?: OtherFaces,
): Promise<Int32Array> {
  const { vectors, size, quality, childhood, start, nearest } = known;
  const n = quality.length;
  const good = quality.reduce((count, value) => count + Number(value >= calibration.founder), 0);
  const bound = similarityAt(calibration.link, calibration);
  const lenient = similarityAt(calibration.link - MOST_LENIENCE, calibration);

  // Faces that begin in a cluster are in the cohort as they are. The others are clustered for it first, so that a new
  // person with many photos counts once.
  const loose = Int32Array.from({ length: good }, (_, row) => row).filter((row) => start[row] === 0);
  // A face that stands for its versions is on as many photos as it has versions.
  const faces = Int32Array.from(known.photos, ({ length }) => length);
  const looseRows = {
    vectors: pickRows(vectors, size, loose),
    offsets: new Float64Array(loose.length),
    faces: loose.map((row) => faces[row]!),
  };
  const first = new Groups(constraintsOf(known, loose));
  await agglomerate(looseRows, subgraphOf(nearest, loose), size, bound, first, product);
  const owner = Int32Array.from(start.subarray(0, good), (cluster) => n + cluster);
  loose.forEach((row, at) => {
    owner[row] = first.owner[at]!;
  });
  const centred = await centredOffsets({ vectors, size, owner, faces }, product, others);
  const stricter = (similarityAt(calibration.link + CHILDREN_EVIDENCE, calibration) - bound) / 2;
  const offsets = centred.map(
    (value, row) => Math.max(value, (lenient - bound) / 2) + stricter * childhood[row]!,
  );

  const groups = new Groups(known);
  const goodRows = { ...rowsOf(vectors, offsets, size, 0, good), faces: faces.subarray(0, good) };
  await agglomerate(goodRows, nearest, size, bound, groups, product);
  const result = new Groups(known);
  splitInto(groups.owner.subarray(0, good), { vectors, size }, calibration, result);
  const poorRows = rowsOf(vectors, offsets, size, good, n);
  poorRows.offsets = poorRows.offsets.map((offset, at) => {
    const penalty = qualityPenalty(quality[good + at]!, calibration);
    return offset + similarityAt(calibration.link + penalty, calibration) - bound;
  });
  await attach(goodRows, poorRows, size, bound, result, product);
  result.unite();
  return result.owner;
}

/**
 * Joins the rows of each cluster again, but only part by part where the cluster looks like several people. Rows that
 * began in one cluster stay together.
 *
 * @param owner cluster of each row
 * @param into gets the joined rows; at first it has only the clusters in which rows begin
 */
function splitInto(
  owner: Int32Array,
  packed: { vectors: Float32Array; size: number },
  by: Evidence,
  into: Groups,
): void {
  for (const rows of Map.groupBy(owner.keys(), (row) => owner[row]!).values()) {
    // A cluster that nothing has joined stays as it is.
    if (rows.every((row) => into.owner[row] === into.owner[rows[0]!])) continue;
    for (const [first, ...others] of splitOf(packed, rows, by)) {
      for (const row of others) {
        const [a, b] = [into.owner[first!]!, into.owner[row]!];
        if (a !== b) into.join(a, b);
      }
    }
  }
}

function rowsOf(vectors: Float32Array, offsets: Float64Array, size: number, from: number, to: number) {
  return { vectors: vectors.subarray(from * size, to * size), offsets: offsets.subarray(from, to) };
}

/** Numbers clusters of two or more by size, the largest first; clusters of one face become −1. */
function numbered(owner: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const id of owner) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  const largestFirst = [...sizes]
    .filter(([, count]) => count > 1)
    .sort(([a, sizeA], [b, sizeB]) => sizeB - sizeA || a - b);
  const numbers = new Map(largestFirst.map(([id], number) => [id, number]));
  return owner.map((id) => numbers.get(id) ?? -1);
}
