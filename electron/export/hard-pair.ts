import sharp from 'sharp';
import type { FacePair } from './comparison.ts';
import { fitted, letter } from './lettering.ts';
import { picturePart } from './picture-part.ts';
import { INK, svg } from './svg.ts';

export interface HardPair {
  faces: FacePair;
  genuine: boolean;
  /** Euclidean distance, 0..2. */
  distance: number;
  /** Above 0: that much on the wrong side of the threshold; else that much on the right one. */
  wrongBy: number;
}

const CHIP = 200;
const MARGIN = 20;
const GAP = 12;

/** Pixels for each unit of the drawing. */
const SCALE = 2;

/** A pair that was hard to tell: both faces as the encoder saw them, and how far apart they lie. @returns PNG */
export async function drawHardPair(pair: HardPair): Promise<Buffer> {
  const { faces, genuine, distance } = pair;
  const pictures = await Promise.all(
    faces.map(async ({ name, chip }, index) => {
      const x = MARGIN + index * (CHIP + GAP);
      const picture = await picturePart(chip, { x, y: MARGIN, side: CHIP, scale: SCALE });
      const words = fitted(name, CHIP, 12);
      return picture + letter(words, { x, y: MARGIN + CHIP + 20, size: 12, fill: INK.quiet });
    }),
  );
  const says = `${genuine ? 'one person' : 'two people'}, distance ${distance.toFixed(3)}`;
  const shapes = [
    ...pictures,
    letter(says, {
      x: MARGIN,
      y: MARGIN + CHIP + 48,
      size: 15,
      weight: 600,
      fill: genuine ? INK.genuine : INK.impostor,
    }),
    letter(judgement(pair), { x: MARGIN, y: MARGIN + CHIP + 68, size: 12, fill: INK.quiet }),
  ].join('');
  const size = { width: 2 * (MARGIN + CHIP) + GAP, height: MARGIN + CHIP + 68 + MARGIN, scale: SCALE };
  return sharp(Buffer.from(svg(size, says, shapes)), { unlimited: true })
    .png()
    .toBuffer();
}

/** What was answered, and by how much. */
export function judgement({ genuine, wrongBy }: Pick<HardPair, 'genuine' | 'wrongBy'>): string {
  const answer = genuine === wrongBy <= 0 ? 'one person' : 'two people';
  return `taken for ${answer}: ${wrongBy > 0 ? 'wrong' : 'right'} by ${Math.abs(wrongBy).toFixed(3)}`;
}
