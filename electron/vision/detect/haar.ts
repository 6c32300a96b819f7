import sharp from 'sharp';
import { iou, type PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import { loadCascade } from './cascade.ts';
import type { Detection, Detector } from './detector.ts';
import { type CascadeName, type GreyPicture, type Sighting, search } from './haar-looks.ts';
import { suppress } from './nms.ts';
import { loadOpenCv } from './opencv.ts';

/** Longest side on which is searched, in pixels; the time grows with its square. */
const maxSide = 1024;

/** Boxes of two looks with more IoU than this are one place. */
const samePlace = 0.4;

/**
 * Evidence at which a place is taken for a face. Measured on the demonstration photos, the family photos and some of LFW:
 * lower adds false boxes quickly and hardly any face.
 */
const enoughEvidence = 7;

/**
 * The classic: Viola and Jones's boosted cascades (CVPR 2001; Lienhart and Maydt, ICIP 2002), by OpenCV as WebAssembly.
 * A single cascade takes window blinds for faces and misses heads that lean, so several look in several ways, and a
 * face is where they agree. Some seconds a photo on one core, of which most goes into the turned looks.
 * @param files OpenCV's cascades.
 * @throws KithError `model-damaged` where OpenCV can't read one.
 */
export async function createHaarDetector(files: Record<CascadeName, string>): Promise<Detector> {
  const opencv = loadOpenCv();
  const cascades = {
    frontal: await loadCascade(opencv, files.frontal),
    alt2: await loadCascade(opencv, files.alt2),
    profile: await loadCascade(opencv, files.profile),
  };
  return {
    async detect(photo) {
      const scale = Math.min(1, maxSide / Math.max(photo.width, photo.height));
      const sightings = search(opencv, cascades, await greyPicture(photo, scale));
      return suppress(
        gather(sightings)
          .filter((place) => evidence(place) >= enoughEvidence)
          .map((place) => toDetection(place, scale, photo)),
      );
    },
    async dispose() {
      for (const cascade of Object.values(cascades)) cascade.dispose();
    },
  };
}

async function greyPicture(photo: DecodedPhoto, scale: number): Promise<GreyPicture> {
  const width = Math.max(1, Math.round(photo.width * scale));
  const height = Math.max(1, Math.round(photo.height * scale));
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const image = sharp(photo.data, { raw }).resize(width, height, { fit: 'fill' });
  return { pixels: await image.greyscale().raw().toBuffer(), width, height };
}

/** Sightings of one place, at most one of each look. */
type Place = Sighting[];

/** Gathers sightings around the strongest of each place. */
function gather(sightings: readonly Sighting[]): Place[] {
  const places: Place[] = [];
  for (const sighting of sightings.toSorted((a, b) => b.windows - a.windows)) {
    const place = places.find(([strongest]) => iou(strongest!.box, sighting.box) > samePlace);
    if (!place) places.push([sighting]);
    else if (!place.some(({ look }) => look === sighting.look)) place.push(sighting);
  }
  return places;
}

/** Windows of one look repeat each other, looks do so less: hence the sum of logarithms. One look alone never suffices. */
function evidence(place: Place): number {
  return place.reduce((sum, { windows }) => sum + Math.log2(1 + windows), 0);
}

/** The mean box, each weighing as much as its windows; the score rises from 0.5 where the evidence just suffices. */
function toDetection(place: Place, scale: number, photo: DecodedPhoto): Detection {
  const windows = place.reduce((sum, sighting) => sum + sighting.windows, 0);
  const mean = (side: 'x' | 'y' | 'width' | 'height') =>
    place.reduce((sum, sighting) => sum + sighting.box[side] * sighting.windows, 0) / windows / scale;
  const left = Math.max(0, mean('x'));
  const top = Math.max(0, mean('y'));
  const box = {
    x: left,
    y: top,
    width: Math.min(photo.width, mean('x') + mean('width')) - left,
    height: Math.min(photo.height, mean('y') + mean('height')) - top,
  } as PixelBox;
  return { box, score: 1 - 2 ** (-evidence(place) / enoughEvidence), landmarks: null, turn: 0 };
}
