import { scaleLinear } from 'd3-scale';
import sharp, { type Sharp } from 'sharp';
import { chance } from '../contract/chance.ts';
import type { DistanceTable } from '../contract/distances.ts';
import type { Comparison } from '../contract/results.ts';
import { drawDistanceAxis, drawDistribution, drawLegend, reachOf } from './distribution.ts';
import { fitted, letter, widthOf } from './lettering.ts';
import { picturePart } from './picture-part.ts';
import { INK, svg } from './svg.ts';

/** A face as its encoder saw it. */
export interface AlignedFace {
  /** What the photo is called. */
  name: string;
  /** PNG of the aligned chip. */
  chip: Uint8Array;
}

export type FacePair = readonly [AlignedFace, AlignedFace];

const WIDTH = 720;
const MARGIN = 40;
const CHIP = 312;

/** Pixels for each unit of the drawing. */
const SCALE = 2;

/**
 * The Siamese comparison as a picture: the verdict, both faces as the encoder saw them, and the distance on a scale,
 * under the distances that genuine and impostor pairs had when the encoder was calibrated, where those are known.
 *
 * @returns a picture of 1440 × 1500 pixels, not encoded yet
 */
export async function drawComparison(
  faces: FacePair,
  result: Comparison,
  table: DistanceTable | null,
): Promise<Sharp> {
  const verdict = { true: 'One person', false: 'Two people', null: 'No verdict' }[`${result.same}`];
  const { probability, threshold } = result;
  const under =
    probability === null
      ? 'Nothing is calibrated for these weights: this is the distance, and no verdict.'
      : `Probability of one person: ${chance(probability)}`;
  const shapes = [
    letter(verdict, { x: MARGIN, y: 68, size: 30, weight: 600, fill: INK.text }),
    letter(under, { x: MARGIN, y: 96, size: 15, fill: INK.quiet }),
    ...(await drawFaces(faces)),
    drawScale(result, table),
    letter(`Encoder ${result.encoder}, detector ${result.detector}. ${sourceOf(table)}`, {
      x: MARGIN,
      y: 722,
      size: 12,
      fill: INK.quiet,
    }),
  ].join('');
  const title = `${verdict}: distance ${result.distance.toFixed(3)}${threshold === null ? '' : `, threshold ${threshold.toFixed(3)}`}`;
  return sharp(Buffer.from(svg({ width: WIDTH, height: 750, scale: SCALE }, title, shapes)), {
    // The faces lie in the document: more text than libxml2 takes for granted.
    unlimited: true,
  });
}

/** Enlarged without smoothing anything away that the network saw. */
async function drawFaces(faces: FacePair): Promise<string[]> {
  return Promise.all(
    faces.map(async ({ name, chip }, index) => {
      const x = index === 0 ? MARGIN : WIDTH - MARGIN - CHIP;
      const picture = await picturePart(chip, { x, y: 122, side: CHIP, scale: SCALE });
      const words = fitted(name, CHIP, 13);
      return picture + letter(words, { x, y: 122 + CHIP + 22, size: 13, fill: INK.quiet });
    }),
  );
}

function drawScale({ distance, threshold, same }: Comparison, table: DistanceTable | null): string {
  const [top, bottom] = [536, 652];
  const usual = table === null ? (threshold ?? 1) * 2 : reachOf(table);
  const reach = Math.min(2, Math.max(usual, distance * 1.05));
  const x = scaleLinear()
    .domain([0, reach])
    .range([MARGIN, WIDTH - MARGIN]);
  const colour = same === null ? INK.text : same ? INK.genuine : INK.impostor;
  return [
    table === null ? '' : drawDistribution(table, { x, top, bottom, look: 'smooth' }),
    drawDistanceAxis(x, bottom),
    threshold === null ? '' : drawThreshold(threshold, x, { top, bottom, isLeft: distance >= threshold }),
    `<path d="M${x(distance)} ${top - 30}V${bottom}" stroke="${colour}" stroke-width="2"/><circle cx="${x(distance)}" cy="${bottom}" r="4.5" fill="${colour}"/>`,
    flag(`distance ${distance.toFixed(3)}`, x(distance), top - 37, { fill: colour, weight: 600 }),
    table === null
      ? ''
      : drawLegend(MARGIN, 698, {
          genuine: 'genuine pairs: one person',
          impostor: 'impostor pairs: two people',
        }),
  ].join('');
}

function drawThreshold(
  threshold: number,
  x: (distance: number) => number,
  { top, bottom, isLeft }: { top: number; bottom: number; isLeft: boolean },
): string {
  // Beside its line, away from the line of the distance, which may be close.
  const words = letter(`threshold τ ${threshold.toFixed(3)}`, {
    x: x(threshold) + (isLeft ? -6 : 6),
    y: top - 8,
    size: 13,
    fill: INK.quiet,
    anchor: isLeft ? 'end' : 'start',
  });
  return `<path d="M${x(threshold)} ${top - 18}V${bottom}" stroke="${INK.quiet}" stroke-dasharray="3 3"/>${words}`;
}

/** A label over its line, moved inside the picture where it would leave it. */
function flag(text: string, x: number, y: number, look: { fill: string; weight: 400 | 600 }): string {
  const size = 13;
  const half = widthOf(text, size, look.weight) / 2;
  const middle = Math.min(WIDTH - MARGIN - half, Math.max(MARGIN + half, x));
  return letter(text, { x: middle, y, size, anchor: 'middle', ...look });
}

function sourceOf(table: DistanceTable | null): string {
  return table === null ? 'How its distances are spread has not been measured.' : `Curves: ${table.source}.`;
}
