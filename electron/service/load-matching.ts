import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, FaceId } from '../contract/ids.ts';
import { emptyState, type MatchState } from '../grouping/match-state.ts';
import { Matcher } from '../grouping/matcher.ts';
import { type Faces, normalisedGraph } from '../grouping/normalised-graph.ts';
import type { Product } from '../grouping/product.ts';
import { shared } from '../grouping/rows.ts';
import type { Library } from '../library/open.ts';
import type { MatchingState } from '../library/revisions.ts';
import { KnownNames } from './known-names.ts';
import { loadEmbeddings } from './load-embeddings.ts';
import { ownCalibration } from './own-calibration.ts';

export interface MatchingTask {
  encoder: EncoderKey;
  /** The catalog's. */
  calibration: Calibration;
}

/** All faces as matching sees them, as they are at one state of the record; entry i of each list is one face. */
export interface LoadedMatching {
  state: MatchingState;
  faceIds: FaceId[];
  /** The state of matching, with the matches by the present labels. */
  match: MatchState;
  /** What distances mean in this library. */
  calibration: Calibration;
}

/** Least probability of a match that is kept. Bound: the settings allow no lower `ask`. */
export const LEAST = 0.01;

/** Loads all faces with their normalised k-NN graph, and matches them with all people. Writes only derived data. */
export async function loadMatching(
  library: Library,
  { encoder, calibration: catalogs }: MatchingTask,
  product: Product,
): Promise<LoadedMatching> {
  const state = library.revisions.matching();
  const loaded = await loadEmbeddings(library, encoder, product);
  const { table, nearest, cohort } = loaded;
  const calibration = await ownCalibration(library, encoder, loaded, catalogs, product);
  const { faceIds, days } = table;
  const vectors = new Float32Array(shared(table.vectors.length));
  vectors.set(table.vectors);
  const faces: Faces = {
    ...{ vectors, size: table.size, group: table.groups, quality: table.qualities },
    photo: Int32Array.from(table.photoIds),
    ...(table.children && { childhood: table.children }),
  };
  const around = await normalisedGraph(faces, calibration, product, nearest, cohort);
  const match = emptyState(faces, around, days, new Set<number>(table.several));
  const known = new KnownNames(library, faceIds, faces.quality, calibration.founder).read();
  new Matcher(match, calibration, LEAST).update(known);
  return { state, faceIds, match, calibration };
}
