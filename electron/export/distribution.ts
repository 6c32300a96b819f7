import type { ScaleLinear } from 'd3-scale';
import { area, curveMonotoneX, curveStepAfter, line } from 'd3-shape';
import type { DistanceCounts } from '../contract/distances.ts';
import { letter } from './lettering.ts';
import { INK } from './svg.ts';

export interface DistributionPlace {
  /** Distance → picture. */
  x: ScaleLinear<number, number>;
  top: number;
  bottom: number;
  /** `steps`: a histogram of few pairs, bin by bin; `smooth`: a curve through many. */
  look: 'steps' | 'smooth';
}

const KINDS = ['impostor', 'genuine'] as const;

/**
 * The densities of genuine and impostor distances over one axis, each with an area of 1, so that they can be read
 * as likelihoods however many pairs there are of either kind.
 */
export function drawDistribution(
  counts: DistanceCounts,
  { x, top, bottom, look }: DistributionPlace,
): string {
  const densities = {
    genuine: densityOf(counts.genuine, counts.step),
    impostor: densityOf(counts.impostor, counts.step),
  };
  const highest = Math.max(...densities.genuine, ...densities.impostor, Number.MIN_VALUE);
  const y = (density: number) => bottom - (density / highest) * (bottom - top);
  const curve = look === 'steps' ? curveStepAfter : curveMonotoneX;
  return KINDS.map((kind) => {
    const outline = outlineOf(densities[kind], look === 'steps' ? 0 : 0.5);
    const points = outline.map(([bin, density]): [number, number] => [x(bin * counts.step), y(density)]);
    const fill = area().y0(bottom).curve(curve)(points);
    const edge = line().curve(curve)(points);
    return `<path fill="${INK[kind]}" fill-opacity=".14" d="${fill}"/><path fill="none" stroke="${INK[kind]}" stroke-width="1.75" d="${edge}"/>`;
  }).join('');
}

/** Upper edge of the last bin that holds anything. */
export function reachOf({ genuine, impostor, step }: DistanceCounts): number {
  return (
    Math.max(
      genuine.findLastIndex((count) => count > 0),
      impostor.findLastIndex((count) => count > 0),
    ) *
      step +
    step
  );
}

/** Which colour is which, in one row from `x` on. */
export function drawLegend(x: number, y: number, words: { genuine: string; impostor: string }): string {
  const swatch = (kind: 'genuine' | 'impostor', at: number) =>
    `<rect x="${at}" y="${y - 9}" width="10" height="10" rx="2" fill="${INK[kind]}"/>${letter(words[kind], { x: at + 16, y, size: 12, fill: INK.quiet })}`;
  return swatch('genuine', x) + swatch('impostor', x + 210);
}

/** The axis of distances below a chart: a line, its ticks and their numbers. */
export function drawDistanceAxis(x: ScaleLinear<number, number>, y: number): string {
  const [from, to] = x.range() as [number, number];
  const ticks = x
    .ticks(8)
    .map(
      (tick) =>
        `<path d="M${x(tick)} ${y}v5" stroke="${INK.line}"/>${letter(x.tickFormat(8)(tick), { x: x(tick), y: y + 20, size: 12, fill: INK.quiet, anchor: 'middle' })}`,
    );
  return `<path d="M${from} ${y}H${to}" stroke="${INK.line}"/>${ticks.join('')}`;
}

/**
 * Points of a curve over the bins, in bins: on the axis where the first with anything in it begins, in each `within`
 * of its width, and on the axis where the last ends.
 */
function outlineOf(densities: readonly number[], within: number): [number, number][] {
  const first = densities.findIndex((density) => density > 0);
  if (first < 0) return [];
  const middles = densities
    .slice(first)
    .map((density, index): [number, number] => [first + index + within, density]);
  return [[first, 0], ...middles, [densities.length, 0]];
}

function densityOf(bins: readonly number[], step: number): number[] {
  const total = bins.reduce((sum, count) => sum + count, 0);
  return total === 0 ? [] : bins.map((count) => count / total / step);
}
