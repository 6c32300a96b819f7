import sharp from 'sharp';
import type { EncoderShape } from '../../models/catalog.ts';
import type { PixelBox } from '../contract/geometry.ts';
import { boxChip, dlibChip, fivePointChip, tilt } from './align.ts';
import type { DecodedPhoto } from './decode.ts';
import type { Point, QuarterTurn } from './detect/detector.ts';
import { fivePoints } from './landmarks.ts';
import { type Compute, drawnPictures, joined, openSession, runOnPictures } from './session.ts';
import { cutChip, mirrorChip, type Similarity } from './warp.ts';

/** A face to be encoded, in pixels of the decoded photo. */
export interface FaceToEncode {
  box: PixelBox;
  /** The 68 points of the iBUG scheme; none where the encoder needs none. */
  points: readonly Point[];
  turn: QuarterTurn;
}

/** Faces in, embeddings out. */
export interface Encoder {
  /** Whether it looks at the faces' points; otherwise none need be found for it. */
  readonly needsPoints: boolean;
  /** @returns one L2-normalised vector per face, in order. */
  encode(photo: DecodedPhoto, faces: readonly FaceToEncode[]): Promise<Float32Array<ArrayBuffer>[]>;
  /**
   * PNG of the very pixels that the network is given for one face (its mirror picture left out); of a composite encoder,
   * its first network.
   */
  chip(photo: DecodedPhoto, face: FaceToEncode): Promise<Uint8Array<ArrayBuffer>>;
  dispose(): Promise<void>;
}

/** More chips than this in one run need more memory than they save time. */
const maxBatch = 16;

/** Opens an encoder whose network takes uint8 RGB chips and gives one vector each. */
export async function createEncoder(
  modelFile: string,
  options: EncoderShape,
  compute?: Compute,
): Promise<Encoder> {
  const { side, size, mirror } = options;
  const session = await openSession(modelFile, drawnPictures(side), compute);
  const views = mirror ? 2 : 1;
  return {
    needsPoints: options.alignment.kind !== 'box' || options.alignment.turn === true,
    async encode(photo, faces) {
      const embeddings: Float32Array<ArrayBuffer>[] = [];
      const perRun = Math.floor(maxBatch / views);
      for (let start = 0; start < faces.length; start += perRun) {
        const part = faces.slice(start, start + perRun);
        const chips = part.flatMap((face) => {
          const chip = chipOf(photo, face, options);
          return mirror ? [chip, mirrorChip(chip, side)] : [chip];
        });
        const outputs = await runOnPictures(session, joined(chips), [chips.length, side, side, 3]);
        const vectors = Object.values(outputs)[0]!;
        for (let index = 0; index < part.length; index++) {
          embeddings.push(meanDirection(vectors, index * views, views, size));
        }
      }
      return embeddings;
    },
    async chip(photo, face) {
      const raw = { width: side, height: side, channels: 3 } as const;
      return new Uint8Array(
        await sharp(chipOf(photo, face, options), { raw })
          .png()
          .toBuffer(),
      );
    },
    dispose: () => session.release(),
  };
}

function chipOf(photo: DecodedPhoto, face: FaceToEncode, options: EncoderShape): Uint8Array {
  return cutChip(photo, frameOf(face, options), options.side);
}

/** Where the encoder's chip lies on the photo: carries pixels of the chip onto pixels of the photo. */
export function frameOf(
  { box, points, turn }: FaceToEncode,
  { alignment, side }: Pick<EncoderShape, 'alignment' | 'side'>,
): Similarity {
  switch (alignment.kind) {
    case 'dlib-chip':
      return dlibChip(points, side, alignment.padding);
    case 'five-points':
      return fivePointChip(fivePoints(points), side);
    case 'box':
      return boxChip(box, side, alignment.scale, alignment.turn ? tilt(points) : (turn * Math.PI) / 2);
  }
}

/** The direction of the mean of `count` consecutive vectors, each set to length 1 first. */
function meanDirection(
  vectors: Float32Array,
  first: number,
  count: number,
  size: number,
): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(size);
  for (let view = first; view < first + count; view++) {
    const vector = vectors.subarray(view * size, (view + 1) * size);
    const length = Math.hypot(...vector);
    for (let index = 0; index < size; index++) mean[index]! += vector[index]! / length;
  }
  const length = Math.hypot(...mean);
  return mean.map((value) => value / length);
}
