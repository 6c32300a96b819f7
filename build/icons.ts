import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';

const drawing = resolve(import.meta.dirname, '../renderer/public/icon.svg');

/** Windows' icons hold a picture for each of these sides, in pixels. */
const WINDOWS = [16, 24, 32, 48, 64, 128, 256];

/** macOS' by the type of each side; all of them PNGs. */
const MAC = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024 };

/** Draws the page's icon for every desktop: `icon.png` (1024 pixels), `icon.ico`, `icon.icns`. */
export async function drawIcons(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const png = (side: number) =>
    sharp(drawing, { density: (72 * side) / 64 })
      .resize(side, side)
      .png()
      .toBuffer();
  const [large, ...small] = await Promise.all([1024, ...WINDOWS].map(png));
  const mac = await Promise.all(
    Object.entries(MAC).map(async ([type, side]) => [type, await png(side)] as const),
  );
  await writeFile(join(folder, 'icon.png'), large!);
  await writeFile(join(folder, 'icon.ico'), ico(small));
  await writeFile(join(folder, 'icon.icns'), icns(mac));
}

/** A directory of 16 bytes a picture, then the pictures; a side of 256 is written as 0. */
function ico(pictures: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, picture] of pictures.entries()) {
    const at = 6 + 16 * index;
    const side = WINDOWS[index]! % 256;
    head.set([side, side], at);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += picture.length;
  }
  return Buffer.concat([head, ...pictures]);
}

/** Chunks of a type and their length, heads included, the whole being one itself. */
function icns(pictures: readonly (readonly [type: string, png: Buffer])[]): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([head, content]);
  };
  return chunk('icns', Buffer.concat(pictures.map(([type, png]) => chunk(type, png))));
}
