import { cohortOf } from '../../models/cohort.ts';
import type { EncoderKey, FaceId } from '../contract/ids.ts';
import type { CatalogCohort } from '../grouping/catalog-cohort.ts';
import { contentOrder } from '../grouping/order.ts';
import { packMore, packVectors } from '../grouping/pack-vectors.ts';
import type { Product } from '../grouping/product.ts';
import { project } from '../grouping/projection.ts';
import type { EmbeddingTable } from '../library/embeddings.ts';
import type { Library } from '../library/open.ts';
import { type AlignedTable, alignedEmbeddings, alignedVectors, alignmentOf, metricOf } from './aligned.ts';
import { WORTH_A_THREAD } from './thread.ts';

/**
 * Share of all faces that have to be new before packed vectors are stored again. Bound: of 100,000 faces the vectors of 2,000
 * are read in 0.05 s each time, and storing all keeps everybody else from writing for half a second; while a scan runs that
 * would be after every handful of photos.
 */
const WORTH_STORING = 0.02;

/** All faces of an encoder, with their vectors. */
export interface ReadVectors {
  /**
   * With the vectors that grouping and matching use: the encoder's own, aligned, transformed by the learned metric where
   * there is one, and packed into the directions that they use (see pack-vectors.ts).
   */
  table: AlignedTable;
  /** With the encoder's own vectors, children's aligned with grown-ups'. */
  own: EmbeddingTable;
  /** How much nearer impostors lie under the learned metric; see metric-trial.ts. 0 where there is none. */
  shift: number;
  /** The encoder's cohort; null where it has none, or another metric is in use. Without means where vectors are packed. */
  cohort: CatalogCohort | null;
  /** The rows, in an order that follows only from what faces look like: see order.ts. */
  order: Int32Array;
  /** n × 2: the first two numbers of each vector, before it was packed. */
  heads: Float32Array;
  /** Whether they are so few that nothing derived is stored. */
  few: boolean;
}

/**
 * Reads the vectors of all faces as they are compared. Packed ones are kept in the library, so that the next time only those of
 * new faces are read: for 100,000 faces of FaceNet the encoder's own are 205 MB, packed ones 21 MB.
 */
export async function readVectors(
  library: Library,
  encoder: EncoderKey,
  product: Product,
): Promise<ReadVectors> {
  const metric = metricOf(library, encoder);
  const stored = metric ? null : await fromStored(library, encoder, product);
  return stored ?? (await fromEmbeddings(library, encoder, product));
}

/** In a function of its own, so that nothing refers to the encoder's own vectors afterwards. */
async function fromEmbeddings(library: Library, encoder: EncoderKey, product: Product): Promise<ReadVectors> {
  const { read, revision } = library.snapshot(() => ({
    read: alignedEmbeddings(library, encoder),
    revision: library.packed.revision(),
  }));
  const metric = metricOf(library, encoder);
  const isLearned = metric?.size === read.size;
  const seen = isLearned ? { ...read, vectors: project(read.vectors, metric) } : read;
  const heads = headsOf(seen);
  // Few faces are not packed: fewer faces than an encoder has directions always use fewer directions.
  const few = read.faceIds.length < WORTH_A_THREAD;
  const packed = few ? null : await packVectors(seen.vectors, seen.size, product);
  const table = packed ? { ...seen, vectors: packed.vectors, size: packed.size } : seen;
  if (packed?.axes && !isLearned) {
    library.packed.put(encoder, { ...stored(encoder, table, heads), axes: packed.axes }, revision);
  }
  return {
    ...{ table, heads, few },
    own: isLearned ? read : table,
    shift: isLearned ? metric.shift : 0,
    cohort: isLearned ? null : cohortFor(encoder, read.size, few),
    // By the encoder's own vectors: how vectors are packed depends on the other faces.
    order: orderOf(read, few || isLearned ? read : { vectors: heads, size: 2 }),
  };
}

/** Takes packed vectors from the library, and packs those of new faces like them; null where that can't be done. */
async function fromStored(
  library: Library,
  encoder: EncoderKey,
  product: Product,
): Promise<ReadVectors | null> {
  const found = library.snapshot(() => {
    const former = library.packed.get(encoder);
    if (former === null || former.alignment !== (alignmentOf(encoder) ?? '')) return null;
    const table = library.embeddings.table(encoder);
    const places = new Map(Array.from(former.faces, (id, place) => [id, place]));
    for (const id of former.changed) places.delete(id);
    const fresh = table.faceIds.filter((id) => !places.has(id));
    // With so many, other directions may be better; and a small library keeps none.
    if (fresh.length > table.faceIds.length / 2 || table.faceIds.length < WORTH_A_THREAD) return null;
    return { former, table, places, fresh, vectors: library.embeddings.of(encoder, fresh) };
  });
  if (found === null) return null;
  const { former, table, places, fresh } = found;
  const width = former.vectors.length / former.faces.length;
  const size = former.axes.length / width;
  const aligned = alignedVectors(found.vectors, size, encoder);
  const added = await packMore(aligned.vectors, size, former.axes, product);
  if (added === null) return null;
  const news = { vectors: added, heads: headsOf({ ...aligned, size }), children: aligned.children };
  const freshAt = new Map(fresh.map((id, at) => [id, at]));
  const merge = (each: number, known: Float32Array, other: Float32Array) =>
    inRows(table.faceIds, each, (id) => {
      const at = freshAt.get(id);
      return at === undefined ? [known, places.get(id)!] : [other, at];
    });
  const heads = merge(2, former.heads, news.heads);
  const children = news.children && merge(1, former.children, news.children);
  const whole = { ...table, size: width, vectors: merge(width, former.vectors, news.vectors), children };
  // Also where faces are only gone, so that no vector of theirs stays in the library.
  if (fresh.length > WORTH_STORING * table.faceIds.length || former.changed.size > 0) {
    library.packed.put(encoder, { ...stored(encoder, whole, heads), axes: former.axes }, former.revision);
  }
  return {
    ...{ table: whole, own: whole, heads, few: false, shift: 0 },
    cohort: cohortFor(encoder, size, false),
    order: orderOf(table, { vectors: heads, size: 2 }),
  };
}

/** Puts the numbers of each face into its row. @param each numbers of one face @param from where a face's are: list and row */
function inRows(
  faceIds: readonly FaceId[],
  each: number,
  from: (id: FaceId) => [list: Float32Array, row: number],
): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(faceIds.length * each);
  for (const [row, id] of faceIds.entries()) {
    const [list, at] = from(id);
    for (let i = 0; i < each; i++) rows[row * each + i] = list[at * each + i]!;
  }
  return rows;
}

function stored(encoder: EncoderKey, { faceIds, vectors, children }: AlignedTable, heads: Float32Array) {
  const faces = Int32Array.from(faceIds);
  return {
    alignment: alignmentOf(encoder) ?? '',
    faces,
    heads,
    vectors,
    children: children ?? new Float32Array(),
  };
}

function headsOf({ vectors, size }: { vectors: Float32Array; size: number }): Float32Array<ArrayBuffer> {
  const heads = new Float32Array(size === 0 ? 0 : (2 * vectors.length) / size);
  for (let row = 0; row * 2 < heads.length; row++) {
    heads[row * 2] = vectors[row * size]!;
    heads[row * 2 + 1] = vectors[row * size + 1]!;
  }
  return heads;
}

function orderOf(
  { faceIds, qualities }: Pick<AlignedTable, 'faceIds' | 'qualities'>,
  by: { vectors: Float32Array; size: number },
): Int32Array {
  return contentOrder({ ...by, photo: [...faceIds.keys()], quality: qualities });
}

function cohortFor(encoder: EncoderKey, size: number, few: boolean): CatalogCohort | null {
  const known = cohortOf(encoder);
  if (known?.size !== size) return null;
  return { means: few ? known.means : new Float32Array(), level: known.level };
}
