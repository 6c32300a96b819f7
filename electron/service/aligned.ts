import { createHash } from 'node:crypto';
import { agesOf } from '../../models/ages.ts';
import type { AgeModel } from '../contract/ages.ts';
import type { EncoderKey } from '../contract/ids.ts';
import { alignAges, childhood } from '../grouping/age-alignment.ts';
import type { EmbeddingTable } from '../library/embeddings.ts';
import type { StoredMetric } from '../library/metrics.ts';
import type { Library } from '../library/open.ts';

/** A face's embedding as it is compared: a child's aligned with grown-ups', where it is known how. */
export function alignedFace(embedding: Float32Array, encoder: EncoderKey): Float32Array {
  const model = agesOf(encoder);
  return model?.weights.length === embedding.length ? alignAges(embedding, model) : embedding;
}

export interface AlignedTable extends EmbeddingTable {
  /** Probability that each face is a child's, 0..1; null where nothing is known of ages. */
  children: Float32Array | null;
}

/**
 * All embeddings of an encoder as they are compared. The library keeps what the encoder gave, so that a better model of
 * ages can be used without analysing any photo again.
 */
export function alignedEmbeddings(library: Library, encoder: EncoderKey): AlignedTable {
  const table = library.embeddings.all(encoder);
  return { ...table, ...alignedVectors(table.vectors, table.size, encoder) };
}

/**
 * Aligns an encoder's vectors in place, since those of 100,000 faces are 205 MB.
 *
 * @param vectors n × size, packed row by row
 * @returns the same vectors, and for each how likely it is a child's, 0..1; null where nothing is known of ages
 */
export function alignedVectors(
  vectors: Float32Array<ArrayBuffer>,
  size: number,
  encoder: EncoderKey,
): Pick<AlignedTable, 'vectors' | 'children'> {
  const model = agesOf(encoder);
  if (model?.weights.length !== size) return { vectors, children: null };
  const children = childhood(vectors, model);
  return { vectors: alignAges(vectors, model, vectors), children };
}

const names = new WeakMap<AgeModel, string>();

/** Names the way in which an encoder's embeddings are aligned; null where they are compared as the encoder gave them. */
export function alignmentOf(encoder: EncoderKey): string | null {
  const model = agesOf(encoder);
  if (model === null) return null;
  const { weights, bias, spread, offset } = model;
  const name =
    names.get(model) ??
    createHash('sha256')
      .update(JSON.stringify([weights, bias, spread, offset]))
      .digest('hex')
      .slice(0, 16);
  names.set(model, name);
  return name;
}

/**
 * The learned metric that is in use; null where the encoder's own is. A metric that was learned from vectors that were
 * aligned in another way says nothing about these, so it rests until something is learned anew.
 */
export function metricOf(library: Library, encoder: EncoderKey): StoredMetric | null {
  const metric = library.metrics.get(encoder);
  return metric?.alignment === alignmentOf(encoder) ? metric : null;
}
