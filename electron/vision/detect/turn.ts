import sharp from 'sharp';
import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import type { Detection, Point, QuarterTurn } from './detector.ts';

/** The photo turned back, so that faces that are turned by `turn` are upright. */
export async function upright(photo: DecodedPhoto, turn: QuarterTurn): Promise<DecodedPhoto> {
  if (turn === 0) return photo;
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const { data, info } = await sharp(photo.data, { raw })
    .rotate(360 - turn * 90)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { fullWidth, fullHeight } = photo;
  const full = turn === 2 ? { fullWidth, fullHeight } : { fullWidth: fullHeight, fullHeight: fullWidth };
  return { data, width: info.width, height: info.height, ...full };
}

/** Where a face of the photo that {@link upright} gave lies on the photo itself. @param photo the photo itself */
export function turnedBy(face: Detection, turn: QuarterTurn, photo: DecodedPhoto): Detection {
  const { box, landmarks } = face;
  const place = placer(turn, photo);
  const [one, other] = [
    place({ x: box.x, y: box.y }),
    place({ x: box.x + box.width, y: box.y + box.height }),
  ];
  return {
    ...face,
    box: {
      x: Math.min(one.x, other.x),
      y: Math.min(one.y, other.y),
      width: Math.abs(one.x - other.x),
      height: Math.abs(one.y - other.y),
    } as PixelBox,
    landmarks: landmarks?.map(place) ?? null,
    turn: ((face.turn + turn) % 4) as QuarterTurn,
  };
}

function placer(turn: QuarterTurn, { width, height }: DecodedPhoto): (point: Point) => Point {
  switch (turn) {
    case 0:
      return (point) => point;
    case 1:
      return ({ x, y }) => ({ x: width - y, y: x });
    case 2:
      return ({ x, y }) => ({ x: width - x, y: height - y });
    case 3:
      return ({ x, y }) => ({ x: y, y: height - x });
  }
}

/** By how many quarters a face is turned whose right and left eye are there. */
export function turnOf(rightEye: Point, leftEye: Point): QuarterTurn {
  const quarters = Math.round(Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x) / (Math.PI / 2));
  return ((quarters + 4) % 4) as QuarterTurn;
}
