import { CANDIDATES_PER_FACE, NEIGHBOURS_PER_FACE, RANK_LIST_LENGTH } from './constants.ts';
import type { MatchedPerson } from './matched-person.ts';
import type { Faces, NormalisedGraph } from './normalised-graph.ts';
import { shared } from './rows.ts';

/** Lists of rows, packed one after the other: list i goes from `begin[i]` to before `begin[i + 1]`. */
export interface RowLists {
  begin: Int32Array;
  rows: Int32Array;
}

/** The rows of list i; none where i is −1. */
export function rowsIn({ begin, rows }: RowLists, i: number): Int32Array {
  return i < 0 ? new Int32Array() : rows.subarray(begin[i]!, begin[i + 1]!);
}

/**
 * All that a `Matcher` knows, as plain data, so that one thread can build it and another continue with it. The threads
 * share the large arrays.
 */
export interface MatchState {
  faces: Faces;
  graph: NormalisedGraph;
  /** Day on which each face's photo was taken, in days since 1970; NaN where it is not known. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
  /** For each face, the faces that have it among their nearest neighbours. */
  reverseNeighbours: RowLists;
  /** Number of each face's cluster, from 0; −1: none. And the faces of each cluster. */
  groupOf: Int32Array;
  clusterRows: RowLists;
  /** Number of each face's photo, from 0. And the faces on each photo. */
  photoOf: Int32Array;
  onPhoto: RowLists;

  /** People by their keys. A person's key never changes. */
  people: Map<number, MatchedPerson>;
  /** Key of the person whose example each face is, −1: none. */
  owner: Int32Array;
  /** 1 for faces that need no name. */
  labelled: Uint8Array;
  /** n × {@link RANK_LIST_LENGTH}: keys of the people to whom each face is most similar, the most similar first. */
  listed: Int32Array;
  /** n × {@link RANK_LIST_LENGTH}: their similarities. */
  scores: Float32Array;
  /** Length of each rank list. */
  counts: Uint8Array;
  /** Upper bound of each face's similarity to people who are not in its list. */
  beyond: Float32Array;
  likely: LikelyRows;
  /** 1 for faces whose lists are out of date: they had a label, and lists are kept for faces without one. */
  incomplete: Uint8Array;
}

/** Who each face may be: see likely-people.ts. */
interface LikelyRows {
  /** See `LikelyPeople.floor`. */
  floor: number;
  /** How many people each face may be. */
  counts: Uint8Array;
  /** n × {@link CANDIDATES_PER_FACE}: their keys, the most similar first, and their scores. */
  keys: Int32Array;
  scores: Float32Array;
  /** See `LikelyPeople`. */
  relevantFrom: Float64Array;
  comparedWithAll: Set<number>;
  /** 1 for faces for which it is to be found again. */
  stale: Uint8Array;
}

/** The state before the first label. */
export function emptyState(
  faces: Faces,
  graph: NormalisedGraph,
  days: Float64Array,
  several: ReadonlySet<number>,
): MatchState {
  const n = faces.photo.length;
  const groupOf = numbered(faces.group, (group) => group > 0);
  const photoOf = numbered(faces.photo, () => true);
  return {
    ...{ faces, graph, days, several, groupOf, photoOf },
    reverseNeighbours: rowLists(graph.nearest, NEIGHBOURS_PER_FACE, n),
    clusterRows: rowLists(groupOf, 1),
    onPhoto: rowLists(photoOf, 1),
    people: new Map(),
    owner: new Int32Array(shared(n)).fill(-1),
    labelled: new Uint8Array(n),
    listed: new Int32Array(shared(n * RANK_LIST_LENGTH)),
    scores: new Float32Array(shared(n * RANK_LIST_LENGTH)),
    counts: new Uint8Array(n),
    beyond: new Float32Array(shared(n)).fill(-2),
    likely: {
      floor: Number.POSITIVE_INFINITY,
      counts: new Uint8Array(n),
      keys: new Int32Array(shared(n * CANDIDATES_PER_FACE)),
      scores: new Float32Array(shared(n * CANDIDATES_PER_FACE)),
      relevantFrom: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
      comparedWithAll: new Set(),
      stale: new Uint8Array(n).fill(1),
    },
    incomplete: new Uint8Array(n),
  };
}

/** Replaces ids by numbers from 0, in the order in which they first appear; −1 for ids that don't count. */
function numbered(ids: ArrayLike<number>, counts: (id: number) => boolean): Int32Array {
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: ids.length }, (_, row) => {
    const id = ids[row]!;
    if (!counts(id)) return -1;
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  });
}

/**
 * The rows in each list, in order.
 *
 * @param of `each` list numbers for each row; −1: none
 */
function rowLists(
  of: Int32Array,
  each: number,
  lists = 1 + of.reduce((a, b) => Math.max(a, b), -1),
): RowLists {
  const begin = new Int32Array(lists + 1);
  for (const list of of) if (list >= 0) begin[list + 1]!++;
  for (let list = 0; list < lists; list++) begin[list + 1]! += begin[list]!;
  const next = begin.slice(0, lists);
  const rows = new Int32Array(begin[lists]!);
  for (let at = 0; at < of.length; at++) {
    const list = of[at]!;
    if (list >= 0) rows[next[list]!++] = Math.floor(at / each);
  }
  return { begin, rows };
}
