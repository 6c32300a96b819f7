import type { Join, JoinPart } from '../../models/joins.ts';
import type { Encoder } from './encode.ts';

/**
 * A composite encoder: each face goes through every network, and their embeddings are joined to one vector. Networks that
 * were trained on other faces fail on other faces, so that both together know more people.
 *
 * @param encoders in the order of the join's parts
 */
export function joinEncoders(encoders: readonly Encoder[], join: Join): Encoder {
  const [first] = encoders as readonly [Encoder, Encoder];
  return {
    needsPoints: encoders.some(({ needsPoints }) => needsPoints),
    async encode(photo, faces) {
      const parts: Float32Array[][] = [];
      // One after the other: a process has one core.
      for (const encoder of encoders) parts.push(await encoder.encode(photo, faces));
      return faces.map((_, at) =>
        joinVectors(
          parts.map((embeddings) => embeddings[at]!),
          join,
        ),
      );
    },
    chip: (photo, face) => first.chip(photo, face),
    async dispose() {
      await Promise.all(encoders.map((encoder) => encoder.dispose()));
    },
  };
}

/**
 * One vector of the embeddings of both networks; see {@link Join}.
 *
 * @param embeddings one for each part, L2-normalised
 * @returns L2-normalised, as long as both parts have axes
 * @throws Error where an embedding is not as long as the join expects
 */
export function joinVectors(embeddings: readonly Float32Array[], { parts }: Join): Float32Array<ArrayBuffer> {
  const shares = parts.map((part, at) => shareOf(embeddings[at]!, part));
  const vector = new Float32Array(shares.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const share of shares) {
    vector.set(share, at);
    at += share.length;
  }
  return vector;
}

/** What one network contributes: its embedding from the centre on, along the axes, of length √share. */
function shareOf(embedding: Float32Array, { centre, axes, share }: JoinPart): Float32Array {
  const size = centre.length;
  if (embedding.length !== size)
    throw new Error(`Expected an embedding of ${size} numbers but received ${embedding.length}`);
  const along = new Float32Array(axes.length / size);
  let square = 0;
  for (let axis = 0; axis < along.length; axis++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += axes[axis * size + i]! * (embedding[i]! - centre[i]!);
    along[axis] = sum;
    square += sum * sum;
  }
  const scale = square > 0 ? Math.sqrt(share / square) : 0;
  return along.map((value) => scale * value);
}
