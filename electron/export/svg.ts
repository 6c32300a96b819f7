/** Colours of all that is drawn around faces: light, quiet, told apart by the colour-blind too (blue, orange). */
export const INK = {
  paper: '#ffffff',
  text: '#1d1d20',
  quiet: '#6c6c73',
  line: '#e3e3e8',
  genuine: '#2c6fb3',
  impostor: '#d9782d',
} as const;

/** A whole SVG document on paper. `title` is what a screen reader says. */
export function svg(
  size: { width: number; height: number; scale?: number },
  title: string,
  shapes: string,
): string {
  const { width, height, scale = 1 } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}"><title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="${INK.paper}"/>${shapes}</svg>\n`;
}

/** Text as XML holds it; characters that XML forbids become `_`. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
