import type { PixelBox } from '../../contract/geometry.ts';
import { boxChip } from '../align.ts';
import type { DecodedPhoto } from '../decode.ts';
import { type Compute, drawnPictures, joined, openSession, runOnPictures } from '../session.ts';
import { cutChip } from '../warp.ts';
import type { QuarterTurn } from './detector.ts';

/** `near` shows a face with its hair, in a millisecond; `far` with shoulders, in four. */
export type Look = keyof typeof LOOKS;

/** Tells faces from what only looks like one to a detector. */
export interface Classifier {
  /**
   * How much what is in a box looks like a face that is turned by `turn`, 0..1: above a half, it nearly always is one.
   */
  score(photo: DecodedPhoto, box: PixelBox, turn: QuarterTurn, look: Look): Promise<number>;
  /** The same for each turn, from 0 to 3. */
  scoresByTurn(photo: DecodedPhoto, box: PixelBox, look: Look): Promise<number[]>;
  dispose(): Promise<void>;
}

/**
 * Side of the chip in pixels, and how many sides of the box it shows. Of ten that were tried on 770 boxes of the family
 * photos, LFW and LAG, these two are the least alike in what they miss.
 */
const LOOKS = { near: { side: 96, scale: 1.6 }, far: { side: 192, scale: 2.6 } } as const;

/** Samples along one side of a chip's pixel: more would cost as much as the network. */
const SAMPLES = 2;

/** Numbers for each anchor of a cell: the fifth is the logit of a face. */
const PER_ANCHOR = 5;

/** face-api's tiny face detector, asked about one face at a time: another network, with other faults than a detector's. */
export async function createClassifier(modelFile: string, compute?: Compute): Promise<Classifier> {
  const session = await openSession(modelFile, drawnPictures(LOOKS.near.side), compute);
  /** @param chips one behind the other, each side × side × 3 bytes. @returns the score of each */
  async function scoresOf(chips: readonly Uint8Array[], side: number): Promise<number[]> {
    const { cells } = await runOnPictures(session, joined(chips), [chips.length, side, side, 3]);
    const each = cells!.length / chips.length;
    return chips.map((_, chip) => {
      let most = Number.NEGATIVE_INFINITY;
      for (let at = chip * each + PER_ANCHOR - 1; at < (chip + 1) * each; at += PER_ANCHOR) {
        most = Math.max(most, cells![at]!);
      }
      return 1 / (1 + Math.exp(-most));
    });
  }

  function chipOf(photo: DecodedPhoto, box: PixelBox, look: Look, turn: QuarterTurn): Uint8Array {
    const { side, scale } = LOOKS[look];
    return cutChip(photo, boxChip(box, side, scale, (turn * Math.PI) / 2), side, SAMPLES);
  }

  return {
    async score(photo, box, turn, look) {
      const [score] = await scoresOf([chipOf(photo, box, look, turn)], LOOKS[look].side);
      return score!;
    },
    scoresByTurn(photo, box, look) {
      const { side } = LOOKS[look];
      const chips = [chipOf(photo, box, look, 0)];
      while (chips.length < 4) chips.push(quarterBack(chips.at(-1)!, side));
      return scoresOf(chips, side);
    },
    dispose: () => session.release(),
  };
}

/** A square picture turned counterclockwise by a quarter: what a face that is turned by one more looks like upright. */
function quarterBack(chip: Uint8Array, side: number): Uint8Array {
  const turned = new Uint8Array(chip.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [from, to] = [(x * side + (side - 1 - y)) * 3, (y * side + x) * 3];
      for (let c = 0; c < 3; c++) turned[to + c] = chip[from + c]!;
    }
  }
  return turned;
}
