import { scaleLinear } from 'd3-scale';
import type { DistanceCounts } from '../contract/distances.ts';
import { drawDistanceAxis, drawDistribution, drawLegend, reachOf } from './distribution.ts';
import { letter } from './lettering.ts';
import { INK, svg } from './svg.ts';

const PLOT = { left: 40, right: 680, top: 128, bottom: 352 };

/** How far apart genuine and impostor pairs lie, as SVG, with the threshold between them. `words`: under the title. */
export function drawHistogram(counts: DistanceCounts, threshold: number, words: string): string {
  const reach = Math.max(reachOf(counts), threshold * 1.1);
  const x = scaleLinear().domain([0, reach]).range([PLOT.left, PLOT.right]);
  const title = 'Distances of genuine and impostor pairs';
  const shapes = [
    letter(title, { x: 40, y: 52, size: 20, weight: 600, fill: INK.text }),
    letter(words, { x: 40, y: 76, size: 13, fill: INK.quiet }),
    drawDistribution(counts, { x, top: PLOT.top, bottom: PLOT.bottom, look: 'steps' }),
    drawDistanceAxis(x, PLOT.bottom),
    `<path d="M${x(threshold)} ${PLOT.top - 14}V${PLOT.bottom}" stroke="${INK.quiet}" stroke-dasharray="3 3"/>`,
    letter(`threshold τ ${threshold.toFixed(3)}`, {
      x: x(threshold),
      y: PLOT.top - 20,
      size: 13,
      fill: INK.quiet,
      anchor: 'middle',
    }),
    drawLegend(40, 400, { genuine: 'genuine pairs: one person', impostor: 'impostor pairs: two people' }),
  ].join('');
  return svg({ width: 720, height: 426 }, `${title}: ${words}`, shapes);
}
