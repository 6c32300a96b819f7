import sharp from 'sharp';

/**
 * A square picture with round corners as part of an SVG.
 * @param place side and corner in the drawing's units, and how many pixels each of them will have.
 */
export async function picturePart(
  picture: Uint8Array,
  place: { x: number; y: number; side: number; scale: number },
): Promise<string> {
  const { x, y, side, scale } = place;
  const pixels = Math.round(side * scale);
  const mask = `<svg width="${pixels}" height="${pixels}"><rect width="${pixels}" height="${pixels}" rx="${10 * scale}"/></svg>`;
  const png = await sharp(picture)
    .resize(pixels, pixels, { kernel: 'cubic' })
    .composite([{ input: Buffer.from(mask), blend: 'dest-in' }])
    .png()
    .toBuffer();
  return `<image x="${x}" y="${y}" width="${side}" height="${side}" href="data:image/png;base64,${png.toString('base64')}"/>`;
}
