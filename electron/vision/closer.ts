import { type DecodedPhoto, decode, type PhotoFile } from './decode.ts';
import { type Closer, type Detection, resized } from './detect/detector.ts';

/** Longest side at which small faces are cut out of a photo, in pixels: half of 24 megapixels, which JPEG gives cheaply. */
const CLOSE_SIDE = 3200;

/**
 * Longest side of a box, in pixels of the reduced photo, below which a face is cut out of a larger one: encoders take
 * squares of 112 to 160 pixels, and half of that still shows what they need. Chosen by hand.
 */
const SMALL_BOX = 56;

/** How many times larger the file must be, so that another decode is worth its time. */
const WORTH_IT = 1.25;

/** Gives a photo at larger sides, each decoded once. @param photo the same, reduced */
export function closerOf(
  file: PhotoFile,
  photo: DecodedPhoto,
  timed: (work: Promise<DecodedPhoto>) => Promise<DecodedPhoto>,
): Closer {
  const decoded = new Map<number, Promise<DecodedPhoto>>();
  const longest = Math.max(photo.fullWidth, photo.fullHeight);
  return (side) => {
    const most = Math.min(side, longest);
    if (Math.max(photo.width, photo.height) >= most) return Promise.resolve(photo);
    const known = decoded.get(most) ?? timed(decode(file, most));
    decoded.set(most, known);
    return known;
  };
}

/**
 * Works on a photo's faces, on the small ones where there are more pixels of them.
 *
 * @param work is given a photo and detections in pixels of it, and gives one result for each, in order
 * @returns the results of all, in order
 */
export async function onBestPixels<Result>(
  photo: DecodedPhoto,
  detections: readonly Detection[],
  closer: Closer,
  work: (photo: DecodedPhoto, detections: readonly Detection[]) => Promise<Result[]>,
): Promise<Result[]> {
  const isSmall = ({ box }: Detection) => Math.max(box.width, box.height) < SMALL_BOX;
  const small = detections.filter(isSmall);
  if (small.length === 0 || photo.fullWidth < photo.width * WORTH_IT) return work(photo, detections);
  const near = await closer(CLOSE_SIDE);
  const [across, down] = [near.width / photo.width, near.height / photo.height];
  const results = [
    await work(
      near,
      small.map((each) => resized(each, across, down)),
    ),
    await work(
      photo,
      detections.filter((each) => !isSmall(each)),
    ),
  ].map((each) => each.values());
  return detections.map((each) => results[isSmall(each) ? 0 : 1]!.next().value!);
}
