import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { letter } from './lettering.ts';
import { INK, svg } from './svg.ts';

const SIZE = { width: 720, height: 400 };
const PLOT = { left: 84, right: 680, top: 104, bottom: 332 };

/** Steps over which the loss is averaged: each step sees other faces, harder ones or easier. */
const WINDOW = 10;

/** How the loss fell, step by step, as SVG: each batch's, and their running mean. `words`: under the title. */
export function drawLossCurve(losses: readonly number[], words: string): string {
  const highest = Math.max(...losses, Number.MIN_VALUE);
  const x = scaleLinear()
    .domain([1, Math.max(2, losses.length)])
    .range([PLOT.left, PLOT.right]);
  const y = scaleLinear().domain([0, highest]).nice().range([PLOT.bottom, PLOT.top]);
  const path = line<number>((_, step) => x(step + 1), y);
  const title = 'Loss while learning';
  const shapes = [
    letter(title, { x: 40, y: 52, size: 20, weight: 600, fill: INK.text }),
    letter(words, { x: 40, y: 76, size: 13, fill: INK.quiet }),
    ...y
      .ticks(5)
      .map(
        (tick) =>
          `<path d="M${PLOT.left} ${y(tick)}H${PLOT.right}" stroke="${INK.line}"/>${letter(y.tickFormat(5)(tick), { x: PLOT.left - 10, y: y(tick) + 4, size: 12, fill: INK.quiet, anchor: 'end' })}`,
      ),
    ...x.ticks(8).map((tick) =>
      letter(String(tick), {
        x: x(tick),
        y: PLOT.bottom + 22,
        size: 12,
        fill: INK.quiet,
        anchor: 'middle',
      }),
    ),
    letter('step', {
      x: (PLOT.left + PLOT.right) / 2,
      y: PLOT.bottom + 46,
      size: 12,
      fill: INK.quiet,
      anchor: 'middle',
    }),
    `<path fill="none" stroke="${INK.genuine}" stroke-opacity=".3" stroke-linejoin="round" d="${path(losses)}"/>`,
    `<path class="curve" fill="none" stroke="${INK.genuine}" stroke-width="2" stroke-linejoin="round" d="${path(runningMean(losses))}"/>`,
  ].join('');
  return svg(SIZE, `${title}: ${words}`, shapes);
}

/** Mean of each step and the ones before it. */
function runningMean(losses: readonly number[]): number[] {
  return losses.map((_, step) => {
    const last = losses.slice(Math.max(0, step + 1 - WINDOW), step + 1);
    return last.reduce((sum, loss) => sum + loss, 0) / last.length;
  });
}
