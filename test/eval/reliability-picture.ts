import { scaleLinear } from 'd3-scale';
import { escaped, INK, svg } from '../../electron/export/svg.ts';
import { binned, type Opinion } from './reliability-figures.ts';

/** One reliability diagram: what a library size's questions say, and what is so. */
export interface Panel {
  title: string;
  words: string;
  opinions: readonly Opinion[];
}

const SIDE = 190;
const GAP = 44;
const TOP = 118;
const LEFT = 60;

/** Bins with fewer questions say nothing. */
const LEAST = 10;

/**
 * Reliability diagrams side by side (Niculescu-Mizil & Caruana 2005): across, how likely Kith says that it is; up, how often
 * it is so. On the line both are the same. The area of a dot is the share of the questions there.
 */
export function drawReliability(title: string, words: string, panels: readonly Panel[]): string {
  const width = LEFT + panels.length * (SIDE + GAP);
  const shapes = [
    letter(title, { x: 40, y: 44, size: 20, weight: 600, fill: INK.text }),
    letter(words, { x: 40, y: 68, size: 13, fill: INK.quiet }),
    ...panels.map((panel, at) => drawPanel(panel, LEFT + at * (SIDE + GAP))),
  ];
  return svg({ width, height: TOP + SIDE + 60 }, `${title}: ${words}`, shapes.join(''));
}

function drawPanel({ title, words, opinions }: Panel, left: number): string {
  const x = scaleLinear()
    .domain([0, 1])
    .range([left, left + SIDE]);
  const y = scaleLinear()
    .domain([0, 1])
    .range([TOP + SIDE, TOP]);
  const bins = binned(opinions).filter(({ count }) => count >= LEAST);
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  const place = (value: number) => value.toFixed(1);
  return [
    letter(title, { x: left, y: TOP - 22, size: 13, weight: 600, fill: INK.text }),
    letter(words, { x: left, y: TOP - 7, size: 11, fill: INK.quiet }),
    ...[0, 0.5, 1].map(
      (tick) =>
        `<path d="M${left} ${y(tick)}H${left + SIDE}M${x(tick)} ${TOP}V${TOP + SIDE}" stroke="${INK.line}"/>${letter(
          `${tick * 100} %`,
          { x: x(tick), y: TOP + SIDE + 18, size: 11, fill: INK.quiet, anchor: 'middle' },
        )}`,
    ),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="${INK.quiet}" stroke-dasharray="4 4"/>`,
    ...bins.map(
      ({ said, true: so, count }) =>
        `<circle cx="${place(x(said))}" cy="${place(y(so))}" r="${place(2 + 16 * Math.sqrt(count / all))}" fill="${INK.genuine}" fill-opacity="0.55"/>`,
    ),
  ].join('');
}

interface Lettering {
  x: number;
  y: number;
  size: number;
  fill: string;
  weight?: number;
  anchor?: 'start' | 'middle';
}

/** Plain text: these pictures are looked at in a browser, which has fonts. */
function letter(text: string, { x, y, size, fill, weight = 400, anchor = 'start' }: Lettering): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="sans-serif" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${escaped(text)}</text>`;
}
