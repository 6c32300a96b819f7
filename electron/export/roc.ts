import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { letter } from './lettering.ts';
import { INK, svg } from './svg.ts';

/** A point of the curve: shares of impostor and genuine pairs taken for one person, 0..1. */
export interface CurvePoint {
  far: number;
  tar: number;
}

export interface RocPicture {
  /** From the strictest threshold to the loosest. */
  curve: readonly CurvePoint[];
  /** Points of the curve to be marked. */
  marks: readonly CurvePoint[];
  /** Smallest share of impostors that the list can show: one of them. */
  resolution: number;
  /** The line under the title. */
  words: string;
}

const SIZE = { width: 720, height: 500 };
const PLOT = { left: 84, right: 680, top: 104, bottom: 424 };

/**
 * The ROC curve as SVG. The false accept rate has a logarithmic axis, for only its small values are of use; what it
 * can't show (a rate of 0) lies on its left edge. One point of the path for each of the curve.
 */
export function drawRoc({ curve, marks, resolution, words }: RocPicture): string {
  const least = 10 ** Math.floor(Math.log10(Math.min(resolution, 0.001)) + 1e-9);
  const x = scaleLog().domain([least, 1]).range([PLOT.left, PLOT.right]).clamp(true);
  const y = scaleLinear()
    .domain([floorOf(curve, least), 1])
    .range([PLOT.bottom, PLOT.top])
    .clamp(true);
  const path = line<CurvePoint>(
    ({ far }) => x(Math.max(far, least)),
    ({ tar }) => y(tar),
  )(curve);
  const title = 'Receiver operating characteristic';
  const shapes = [
    letter(title, { x: 40, y: 52, size: 20, weight: 600, fill: INK.text }),
    letter(words, { x: 40, y: 76, size: 13, fill: INK.quiet }),
    ...y
      .ticks(5)
      .map(
        (tick) =>
          `<path d="M${PLOT.left} ${y(tick)}H${PLOT.right}" stroke="${INK.line}"/>${letter(share(tick), { x: PLOT.left - 10, y: y(tick) + 4, size: 12, fill: INK.quiet, anchor: 'end' })}`,
      ),
    ...decades(least).map(
      (tick) =>
        `<path d="M${x(tick)} ${PLOT.top}V${PLOT.bottom}" stroke="${INK.line}"/>${letter(share(tick), { x: x(tick), y: PLOT.bottom + 22, size: 12, fill: INK.quiet, anchor: 'middle' })}`,
    ),
    letter('false accept rate (FAR): impostor pairs taken for one person', {
      x: (PLOT.left + PLOT.right) / 2,
      y: PLOT.bottom + 50,
      size: 12,
      fill: INK.quiet,
      anchor: 'middle',
    }),
    turned(
      letter('true accept rate (TAR)', { x: 0, y: 0, size: 12, fill: INK.quiet, anchor: 'middle' }),
      28,
      (PLOT.top + PLOT.bottom) / 2,
    ),
    `<path class="curve" fill="none" stroke="${INK.genuine}" stroke-width="2" stroke-linejoin="round" d="${path}"/>`,
    ...marks.map(({ far, tar }) => {
      const at = { x: x(Math.max(far, least)), y: y(tar) };
      return `<circle cx="${at.x}" cy="${at.y}" r="4.5" fill="${INK.paper}" stroke="${INK.genuine}" stroke-width="2"/>${letter(`${(tar * 100).toFixed(2)} %`, { x: at.x + 10, y: at.y + 20, size: 13, weight: 600, fill: INK.genuine })}`;
    }),
  ].join('');
  return svg(SIZE, `${title}: ${words}`, shapes);
}

/** The axis of TAR starts below all that the axis of FAR can show. */
function floorOf(curve: readonly CurvePoint[], least: number): number {
  const lowest = curve.findLast(({ far }) => far <= least)?.tar ?? 0;
  return Math.min(0.9, Math.floor(lowest * 10) / 10);
}

function decades(least: number): number[] {
  const count = Math.round(-Math.log10(least));
  return Array.from({ length: count + 1 }, (_, index) => 10 ** (index - count));
}

/** `0.1 %` */
function share(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}

function turned(shape: string, x: number, y: number): string {
  return `<g transform="translate(${x} ${y}) rotate(-90)">${shape}</g>`;
}
