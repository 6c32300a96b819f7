import { NEIGHBOURS_PER_FACE, RANK_LIST_LENGTH } from './constants.ts';
import type { Faces, NormalisedGraph } from './normalised-graph.ts';

/** Rows of each of some numbered things, packed: those of thing i from `begin[i]` to `begin[i + 1]`. */
export interface RowLists {
  begin: Int32Array;
  rows: Int32Array;
}

/** The rows of thing i; none of −1. */
export function rowsIn({ begin, rows }: RowLists, i: number): Int32Array {
  return i < 0 ? new Int32Array() : rows.subarray(begin[i]!, begin[i + 1]!);
}

/** What a {@link Matcher} knows of a person. */
export interface MatchedPerson {
  /** Rows of the examples, in order. */
  examples: readonly number[];
  /** Rows that are not the person, in order. */
  refused: readonly number[];
  /** Numbers of the groups in which there is an example. */
  groups: ReadonlySet<number>;
  /** Similarity of each face to the person, by itself; where a refused face is nearer, less. */
  own: Float32Array;
  /** {@link CAPPED} where a refused face is nearer, so that no other can speak for it, {@link REFUSED} there; null: nowhere. */
  held: Uint8Array | null;
  birth: number;
}

/**
 * All that a {@link Matcher} knows, as plain data, so that one thread may build it up and another go on with it. Large
 * arrays are shared between threads.
 */
export interface MatchState {
  faces: Faces;
  graph: NormalisedGraph;
  /** Day on which each face's photo was taken; NaN where it does not say. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
  /** Faces that have each face among their nearest. */
  reverseNeighbours: RowLists;
  /** Number of each face's group, −1: none; and the faces of each. */
  groupOf: Int32Array;
  clusterRows: RowLists;
  /** The same of photos. */
  photoOf: Int32Array;
  onPhoto: RowLists;

  /** By a number that stays a person's own. */
  people: Map<number, MatchedPerson>;
  /** Person whose example each face is, −1: nobody's. */
  owner: Int32Array;
  labelled: Uint8Array;
  /** n × LISTED: people to whom each face is most similar, the most similar first, and how similar. */
  listed: Int32Array;
  scores: Float32Array;
  counts: Uint8Array;
  /** How similar each face may be at most to whoever is not listed. */
  beyond: Float32Array;
  /** How many of each list, from its beginning, are right; the others are at most so similar. */
  exact: Uint8Array;
  /** 1 for faces whose lists may lack somebody. */
  incomplete: Uint8Array;
}

export const CAPPED = 1;
export const REFUSED = 2;

/** Nobody has been named. */
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
    reverseNeighbours: gathered(graph.nearest, NEIGHBOURS_PER_FACE, n),
    clusterRows: gathered(groupOf, 1),
    onPhoto: gathered(photoOf, 1),
    people: new Map(),
    owner: new Int32Array(shared(n)).fill(-1),
    labelled: new Uint8Array(n),
    listed: new Int32Array(shared(n * RANK_LIST_LENGTH)),
    scores: new Float32Array(shared(n * RANK_LIST_LENGTH)),
    counts: new Uint8Array(n),
    beyond: new Float32Array(shared(n)).fill(-2),
    exact: new Uint8Array(n),
    incomplete: new Uint8Array(n),
  };
}

/** Room for so many numbers of 32 bits that threads can share. */
export function shared(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(count * 4);
}

/** Numbers from 0 for things that go by any; −1 for those that don't count. */
function numbered(things: ArrayLike<number>, counts: (thing: number) => boolean): Int32Array {
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: things.length }, (_, row) => {
    const thing = things[row]!;
    if (!counts(thing)) return -1;
    const known = numbers.get(thing);
    if (known !== undefined) return known;
    numbers.set(thing, numbers.size);
    return numbers.size - 1;
  });
}

/** The rows of each thing, in order. @param of things of each row, so many for each; −1: none */
function gathered(
  of: Int32Array,
  each: number,
  things = 1 + of.reduce((a, b) => Math.max(a, b), -1),
): RowLists {
  const begin = new Int32Array(things + 1);
  for (const thing of of) if (thing >= 0) begin[thing + 1]!++;
  for (let thing = 0; thing < things; thing++) begin[thing + 1]! += begin[thing]!;
  const next = begin.slice(0, things);
  const rows = new Int32Array(begin[things]!);
  for (let at = 0; at < of.length; at++) {
    const thing = of[at]!;
    if (thing >= 0) rows[next[thing]!++] = Math.floor(at / each);
  }
  return { begin, rows };
}
