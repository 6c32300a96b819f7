import { agesOf } from '../../models/ages.ts';
import type { EncoderKey } from '../contract/ids.ts';
import { alignAges } from '../grouping/age-alignment.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';

/**
 * Vectors of an encoder as they are compared: children's aligned with grown-ups', where it is known how.
 *
 * @param vectors n × size, packed row by row
 */
export function aligned(
  vectors: Float32Array<ArrayBuffer>,
  size: number,
  encoder: EncoderKey,
): Float32Array<ArrayBuffer> {
  const model = agesOf(encoder);
  return model?.weights.length === size ? alignAges(vectors, model) : vectors;
}

/** {@link aligned} of one face. */
export function alignedFace(embedding: Float32Array, encoder: EncoderKey): Float32Array {
  return aligned(Float32Array.from(embedding), embedding.length, encoder);
}

/**
 * All embeddings of an encoder as they are compared. The library keeps what the encoder gave, so that a better model of
 * ages needs no photo to be looked at again.
 */
export function alignedEmbeddings(library: Library, encoder: EncoderKey): EmbeddingTable {
  const table = library.faces.embeddings(encoder);
  return { ...table, vectors: aligned(table.vectors, table.size, encoder) };
}
