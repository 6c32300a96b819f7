import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import { type Closer, type Detection, resized, scaled } from './detector.ts';
import { areNeighbours, shows, showsWhole, type Tile, tilesOf } from './tiles.ts';

/** What a file must have more than the former look, so that another one shows anything new. */
const WORTH_IT = 1.25;

/** How much larger than the small of the former look a face may be that the next one finds. Larger ones were judged. */
const JUDGED = 1.5;

interface Level {
  /** Longest side at which the photo is seen, in pixels. */
  side: number;
  /** Longest side of a box that is too small to be judged there, in pixels as the detector sees them. */
  small: number;
}

/** How a detector searches a photo for faces that are too small on the whole of it. */
export interface SmallSearch {
  /** How the photo is seen, one after the other: as a whole first, and in tiles where the former gives a hint. */
  levels: readonly Level[];
  /** Side of a tile, in pixels as the detector sees them. */
  tileSide: number;
  /** From this score on, what is small may be a face. */
  minHint: number;
  /** The same on a closer look, where tiles give more chances to be wrong. */
  laterHint: number;
  /** From this score on, it is one. */
  minScore: number;
  /** From this score on, the whole photo has said enough about what is small. */
  sure: number;
  /** Looks at a part of a photo, seen `scale` times as large. @returns what is at least a hint, in pixels of the photo */
  look(photo: DecodedPhoto, part: PixelBox, scale: number): Promise<Detection[]>;
}

/**
 * Finds faces that are too small on the whole photo. Where something small is a little like a face, that part of the photo
 * is looked at closer; where there is one, the parts around it, too, since people stand in groups. A photo without such a
 * hint costs nothing.
 *
 * @param first what was seen on the whole photo, however unsure
 * @returns the faces, in pixels of the photo; some twice
 */
export async function findSmall(
  photo: DecodedPhoto,
  first: readonly Detection[],
  closer: Closer | undefined,
  search: SmallSearch,
): Promise<Detection[]> {
  const { levels, tileSide, minHint, laterHint, minScore, sure } = search;
  // On a closer look even a sure face that is small says that others may be near it, or smaller yet.
  const isHint = ({ score }: Detection, isFirst: boolean) =>
    isFirst ? score > minHint && score < sure : score > laterHint;
  const longest = Math.max(photo.fullWidth, photo.fullHeight);
  const length = Math.max(photo.width, photo.height);
  const found: Detection[] = [];
  let seen: readonly Detection[] = first;
  let { side, small } = levels[0]!;
  side = Math.min(side, length);
  for (const [before, level] of levels.slice(1).entries()) {
    const next = Math.min(level.side, longest);
    const former = side / length;
    const isSmall = ({ box }: Detection, limit: number) => Math.max(box.width, box.height) * former < limit;
    const hints = seen.filter((each) => isHint(each, before === 0) && isSmall(each, small));
    if (hints.length === 0 || next < side * WORTH_IT) break;
    const near = length * WORTH_IT >= next ? photo : await closer?.(next);
    if (!near) break;
    const scale = next / Math.max(near.width, near.height);
    const [across, down] = [near.width / photo.width, near.height / photo.height];
    const places = hints.map(({ box }) => scaled(box, across, down));
    const onTiles = await searchTiles(tilesOf(near, tileSide / scale), places, {
      minScore,
      look: async (tile) =>
        (await search.look(near, tile.of, scale)).filter(({ box }) => showsWhole(tile, box, near)),
    });
    seen = onTiles.map((each) => resized(each, 1 / across, 1 / down));
    found.push(...seen.filter((each) => each.score > minScore && isSmall(each, small * JUDGED)));
    side = next;
    small = level.small;
  }
  return found;
}

/** Looks at the tiles that show one of the places, and at those beside a tile on which there is a face. */
async function searchTiles(
  tiles: readonly Tile[],
  places: readonly PixelBox[],
  { minScore, look }: { minScore: number; look: (tile: Tile) => Promise<Detection[]> },
): Promise<Detection[]> {
  const found: Detection[] = [];
  const wanted = new Set(tiles.filter((tile) => places.some((place) => shows(tile, place))));
  // A set that grows while it is walked through is walked to its end; what was in it already stays where it is.
  for (const tile of wanted) {
    const onTile = await look(tile);
    found.push(...onTile);
    if (!onTile.some(({ score }) => score > minScore)) continue;
    for (const other of tiles) if (areNeighbours(tile, other)) wanted.add(other);
  }
  return found;
}
