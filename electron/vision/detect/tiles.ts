import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';

/** Share of a tile that its neighbour shows, too, so that a small face on their border is whole in one of them. */
const OVERLAP = 0.19;

/** Nearer to a tile's border than this, in pixels of the photo, a box may be cut off by it. */
const EDGE = 2;

/** A part of a photo, in whole pixels of it. */
export interface Tile {
  of: PixelBox;
  row: number;
  column: number;
}

/** Cuts a photo into tiles that overlap. @param side of a tile, in pixels of the photo */
export function tilesOf(photo: DecodedPhoto, side: number): Tile[] {
  const whole = Math.ceil(side);
  return starts(photo.height, whole).flatMap((y, row) =>
    starts(photo.width, whole).map((x, column) => {
      const sides = { width: Math.min(whole, photo.width - x), height: Math.min(whole, photo.height - y) };
      return { of: { x, y, ...sides } as PixelBox, row, column };
    }),
  );
}

/** Where tiles begin along one side of a photo, in its pixels: evenly, from edge to edge. */
function starts(length: number, side: number): number[] {
  const count = Math.ceil((length - OVERLAP * side) / ((1 - OVERLAP) * side));
  if (count <= 1) return [0];
  return Array.from({ length: count }, (_, at) => Math.floor((at * (length - side)) / (count - 1)));
}

export function areNeighbours(a: Tile, b: Tile): boolean {
  return Math.max(Math.abs(a.row - b.row), Math.abs(a.column - b.column)) === 1;
}

/** Whether a part of the box is on the tile. */
export function shows({ of }: Tile, box: PixelBox): boolean {
  return (
    of.x < box.x + box.width &&
    box.x < of.x + of.width &&
    of.y < box.y + box.height &&
    box.y < of.y + of.height
  );
}

/** Whether all of a box is on the tile, or ends where the photo does: what a tile cuts off is whole on its neighbour. */
export function showsWhole({ of }: Tile, box: PixelBox, photo: DecodedPhoto): boolean {
  return (
    (of.x === 0 || box.x > of.x + EDGE) &&
    (of.y === 0 || box.y > of.y + EDGE) &&
    (of.x + of.width >= photo.width || box.x + box.width < of.x + of.width - EDGE) &&
    (of.y + of.height >= photo.height || box.y + box.height < of.y + of.height - EDGE)
  );
}
