import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import { escaped } from './svg.ts';

/** Scripts that Inter has, each in a font file of its own; the first that has a letter sets it. */
const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'] as const;

type Script = (typeof SCRIPTS)[number];

type Weight = 400 | 600;

export interface Lettering {
  /** Where the line starts, ends or has its middle (`anchor`), and its baseline. */
  x: number;
  y: number;
  /** Size of the type in the picture's units. */
  size: number;
  fill: string;
  weight?: Weight;
  anchor?: 'start' | 'middle' | 'end';
}

/** What stands for a letter that Inter lacks. */
const STRANGER = '_';

/**
 * One line of words as outlines, so that it looks the same on a machine without fonts (a small server, a container).
 * The words stay readable for programs: they are the path's `aria-label`.
 */
export function letter(text: string, { x, y, size, fill, weight = 400, anchor }: Lettering): string {
  const { d, width } = outline(text, weight);
  const shift = anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0;
  const place = `translate(${round(x - shift * size)} ${round(y)}) scale(${round(size / UNITS, 6)} ${round(-size / UNITS, 6)})`;
  return `<path role="img" aria-label="${escaped(text)}" fill="${fill}" transform="${place}" d="${d}"/>`;
}

/** Width of a line in the picture's units. */
export function widthOf(text: string, size: number, weight: Weight = 400): number {
  return outline(text, weight).width * size;
}

/** The text, or as much of its two ends as fits into `width`, with `…` between them. */
export function fitted(text: string, width: number, size: number, weight: Weight = 400): string {
  if (widthOf(text, size, weight) <= width) return text;
  const letters = [...text];
  const shortened = (kept: number) => {
    const end = Math.floor(kept / 2);
    return `${letters.slice(0, kept - end).join('')}…${letters.slice(letters.length - end).join('')}`;
  };
  // The most letters that fit, found by halves: names can have hundreds.
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (widthOf(shortened(middle), size, weight) <= width) fits = middle;
    else tooMany = middle;
  }
  return shortened(fits);
}

/** All of Inter's files have this many units to an em. */
const UNITS = 2048;

const FILES = import.meta.resolve('@fontsource/inter/files/inter-latin-400-normal.woff');

const fonts = new Map<string, Font>();

/** Path of the font file that sets a script. */
export function fontFile(script: Script, weight: Weight): string {
  return fileURLToPath(new URL(`inter-${script}-${weight}-normal.woff`, FILES));
}

function font(script: Script, weight: Weight): Font {
  const name = `${script}-${weight}`;
  let known = fonts.get(name);
  if (known === undefined) {
    known = create(readFileSync(fontFile(script, weight))) as Font;
    fonts.set(name, known);
  }
  return known;
}

/** Path data in the font's units, y upwards, and the advance in ems. */
function outline(text: string, weight: Weight): { d: string; width: number } {
  let d = '';
  let advance = 0;
  for (const { part, script } of runs(text, weight)) {
    const by = font(script, weight);
    const { glyphs, positions } = by.layout(part);
    glyphs.forEach((glyph, index) => {
      const { xAdvance, xOffset, yOffset } = positions[index]!;
      d += glyph.path.translate(advance + xOffset, yOffset).toSVG();
      advance += xAdvance;
    });
  }
  return { d, width: advance / UNITS };
}

/** The text cut where another font file must go on. What no font has is a stand-in. */
export function runs(text: string, weight: Weight): { part: string; script: Script }[] {
  const parts: { part: string; script: Script }[] = [];
  for (const letter of text.normalize('NFC')) {
    const found = SCRIPTS.find((name) => font(name, weight).hasGlyphForCodePoint(letter.codePointAt(0)!));
    const script = found ?? SCRIPTS[0];
    const last = parts.at(-1);
    const shown = found === undefined ? STRANGER : letter;
    if (last?.script === script) last.part += shown;
    else parts.push({ part: shown, script });
  }
  return parts;
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
