import { growingUpOf, type Life } from './growing-up.ts';
import { capNearRefused } from './match-formulas.ts';
import type { Faces, NormalisedGraph } from './normalised-graph.ts';
import { shared } from './rows.ts';
import { normalisedSimilarities, templateScores } from './template-score.ts';

/** The labels that the user has given: as `Labels` of match-reference.ts, with people by keys that never change. */
export interface LabelsByPerson {
  /** Keys of all people who have an example, in ascending order. */
  keys: readonly number[];
  /** Day of birth of each, in days since 1970; NaN where it is not known. */
  births: Float64Array;
  /** Key of the person whose example each face is, −1: none. */
  owner: Int32Array;
  /** 1 for faces that need no name, since the user has labelled them. */
  labelled: Uint8Array;
  /** Faces that the user refused for a person ("not Anna"). */
  refusals: readonly { row: number; key: number }[];
}

/** What a `Matcher` knows of a person. */
export interface MatchedPerson extends Life {
  /** Rows of the examples, in order. */
  examples: readonly number[];
  /** Rows that the user refused for the person, in order. */
  refused: readonly number[];
  /** Numbers of the clusters in which there is an example. */
  groups: ReadonlySet<number>;
  /** Template score of each face; lower where a refused face is nearer. */
  own: Float32Array;
  /**
   * {@link REFUSED} for a refused face, {@link CAPPED} for a face that is nearer to one than to the person: no path
   * leads to either. Null where the person has no refused face.
   */
  capped: Uint8Array | null;
}

export const CAPPED = 1;
export const REFUSED = 2;

/** The faces among which a person is looked for; as `MatchState` has them. */
interface Among {
  faces: Faces;
  graph: NormalisedGraph;
  groupOf: Int32Array;
  days: Float64Array;
}

/**
 * A person by what the user has told.
 *
 * @param told `examples`: rows, at least one, and `refused`: rows, both in order
 * @param known the same person before; where neither list has changed, the arrays stay the same
 */
export function matchedPerson(
  told: Pick<MatchedPerson, 'examples' | 'refused' | 'birth'>,
  { faces, graph, groupOf, days }: Among,
  known?: MatchedPerson,
): MatchedPerson {
  const { examples, refused, birth } = told;
  const life = { birth, growingUp: growingUpOf(examples, faces, days, birth) };
  if (known && areSame(known.examples, examples) && areSame(known.refused, refused)) {
    return { ...known, ...life };
  }
  const scores = templateScores(faces, graph.offsets, examples);
  const own = new Float32Array(shared(scores.length));
  own.set(scores);
  const groups = new Set(examples.map((row) => groupOf[row]!).filter((group) => group >= 0));
  if (refused.length === 0) return { examples, refused, groups, own, capped: null, ...life };
  const capped = new Uint8Array(own.length);
  for (const row of refused) {
    const similarity = normalisedSimilarities(faces, graph.offsets, row);
    capNearRefused(own, similarity, capped, CAPPED);
  }
  for (const row of refused) capped[row] = REFUSED;
  return { examples, refused, groups, own, capped, ...life };
}

/** Whether two lists of rows are the same. */
export function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
