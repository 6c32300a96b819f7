import { agesOf } from '../../models/ages.ts';
import type { EncoderKey } from '../contract/ids.ts';
import { alignAges } from '../grouping/age-alignment.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';

/** A face's embedding as it is compared: a child's aligned with grown-ups', where it is known how. */
export function alignedFace(embedding: Float32Array, encoder: EncoderKey): Float32Array {
  const model = agesOf(encoder);
  return model?.weights.length === embedding.length ? alignAges(embedding, model) : embedding;
}

/**
 * All embeddings of an encoder as they are compared. The library keeps what the encoder gave, so that a better model of
 * ages can be used without analysing any photo again.
 */
export function alignedEmbeddings(library: Library, encoder: EncoderKey): EmbeddingTable {
  const table = library.faces.embeddings(encoder);
  const model = agesOf(encoder);
  // In place, since the vectors of 100,000 faces are 205 MB.
  if (model?.weights.length === table.size) alignAges(table.vectors, model, table.vectors);
  return table;
}
