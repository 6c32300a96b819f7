import { toPixelBox, type UnitBox } from '../contract/geometry.ts';

/** A box to draw, and the number written on it (the face's group); without one the box is grey. */
export interface Mark {
  box: UnitBox;
  label: number | null;
}

/**
 * Which strokes make up a digit, on a grid 1 wide and 2 high with y downwards. Drawn rather than set in type,
 * because a machine without fonts (a small server, a container) would show nothing.
 */
const DIGITS = [
  'M0 0H1V2H0Z',
  'M.2 .3L.6 0V2',
  'M0 0H1V1H0V2H1',
  'M0 0H1V2H0M.3 1H1',
  'M0 0V1H1M1 0V2',
  'M1 0H0V1H1V2H0',
  'M1 0H0V2H1V1H0',
  'M0 0H1L.4 2',
  'M0 0H1V2H0ZM0 1H1',
  'M0 2H1V0H0V1H1',
];

/** Boxes and labels as an SVG of the photo's size; line width follows the photo, so that it reads at any size. */
export function drawMarks(marks: Mark[], size: { width: number; height: number }): string {
  const line = Math.max(2, Math.round(Math.max(size.width, size.height) / 400));
  const shapes = marks.map((mark) => drawMark(mark, size, line)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" fill="none" stroke-linejoin="round" stroke-linecap="round">${shapes}</svg>`;
}

function drawMark(mark: Mark, size: { width: number; height: number }, line: number): string {
  const { x, y, width, height } = toPixelBox(mark.box, size);
  const colour = colourOf(mark.label);
  const frame = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${line}"`;
  // A dark edge under the colour keeps the frame visible on a background of the same colour.
  const box = `${frame} stroke="#000" stroke-opacity=".45" stroke-width="${line * 2}"/>${frame} stroke="${colour}" stroke-width="${line}"/>`;
  return mark.label === null ? box : box + drawLabel(mark.label, x, y, line, colour);
}

function drawLabel(label: number, x: number, y: number, line: number, colour: string): string {
  const unit = line * 3;
  const digits = [...String(label)];
  const width = (digits.length * 1.7 + 0.3) * unit + line;
  const height = 3.4 * unit;
  const top = Math.max(0, y - height);
  const left = Math.max(0, x);
  const strokes = digits
    .map((digit, index) => {
      const place = `translate(${left + line / 2 + (0.5 + index * 1.7) * unit} ${top + 0.7 * unit}) scale(${unit})`;
      return `<path d="${DIGITS[Number(digit)]}" transform="${place}" stroke="#fff" stroke-width=".35"/>`;
    })
    .join('');
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colour}"/>${strokes}`;
}

/** A colour for each group, far from its neighbours' (golden angle), dark enough for white digits. */
function colourOf(label: number | null): string {
  if (label === null) return '#9a9a9a';
  const hue = (label * 137.508) % 360;
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = 0.42 - 0.32 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
