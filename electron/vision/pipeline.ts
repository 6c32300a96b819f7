import { UnreadablePhoto } from '../contract/errors.ts';
import { toPixelBox, toUnitBox, type UnitBox, type UnitPoint } from '../contract/geometry.ts';
import type { Analysis, FoundFace, KnownCrop, KnownFace, VisionSetup } from '../contract/vision.ts';
import { boxChip } from './align.ts';
import { cropJpeg, onCrop } from './crop.ts';
import { type DecodedPhoto, decode, decodeJpeg, openPhoto } from './decode.ts';
import type { Detection, Point } from './detect/detector.ts';
import { dhashOf } from './dhash.ts';
import { fivePoints } from './landmarks.ts';
import { loadStages } from './load.ts';
import { judge, overall } from './quality.ts';
import { thumbnailJpeg } from './thumbnail.ts';
import { cutChip } from './warp.ts';

/** Faces narrower or lower than this in the original photo are nobody that could be known again. */
const smallestFace = 24;

/** The crop that people look at: its side in pixels, and how much of the photo it shows around the face. */
const crop = { side: 192, padding: 0.35 } as const;

/** Side of the chip on which sharpness is judged, in pixels. */
const judgedSide = 96;

/** What one photo goes through, stage by stage, and how long each stage took so far. */
export interface Pipeline {
  /**
   * @param options.chips whether each face brings along what its encoder was given.
   * @throws UnreadablePhoto when the file can't be read as a photo.
   */
  analyse(path: string, options?: { chips?: boolean | undefined }): Promise<Analysis>;
  /**
   * New embeddings of the faces that a photo is known to show, in order. Nothing is detected.
   * @throws UnreadablePhoto as analyse, and `vanished` where the file holds another photo than `hash` says.
   */
  embed(photo: { path: string; hash: string; faces: KnownFace[] }): Promise<Float32Array<ArrayBuffer>[]>;
  /**
   * The same out of the faces' crops, which have less detail: the last resort where the photo is gone.
   * @param photo.width, photo.height pixels of the upright photo at full size.
   */
  embedCrops(photo: {
    width: number;
    height: number;
    faces: KnownCrop[];
  }): Promise<Float32Array<ArrayBuffer>[]>;
  /**
   * The face in a box that somebody drew.
   * @throws UnreadablePhoto as embed
   */
  draw(photo: { path: string; hash: string; box: UnitBox }): Promise<FoundFace>;
  /** Milliseconds spent per stage since the pipeline was made. */
  readonly timings: Readonly<Record<Stage, number>>;
  dispose(): Promise<void>;
}

export type Stage = 'decode' | 'detect' | 'landmarks' | 'embed' | 'crop';

/** @throws KithError `model-missing` or `model-damaged`, naming the model. */
export async function createPipeline(setup: VisionSetup): Promise<Pipeline> {
  const { detector, landmarker, encoder } = await loadStages(setup);
  const timings: Record<Stage, number> = { decode: 0, detect: 0, landmarks: 0, embed: 0, crop: 0 };

  async function timed<T>(stage: Stage, work: Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work;
    timings[stage] += performance.now() - start;
    return result;
  }

  async function embedKnown(
    photo: DecodedPhoto,
    faces: readonly KnownFace[],
  ): Promise<Float32Array<ArrayBuffer>[]> {
    const detections = faces.map((face) => asDetected(face, photo));
    const points = encoder.needsPoints
      ? await timed('landmarks', landmarker.find(photo, detections))
      : detections.map(() => []);
    const toEncode = detections.map(({ box }, index) => ({ box, points: points[index]! }));
    return timed('embed', encoder.encode(photo, toEncode));
  }

  async function faceOf(
    photo: DecodedPhoto,
    found: { detection: Detection; five: Point[]; embedding: Float32Array<ArrayBuffer> },
  ): Promise<FoundFace> {
    const { detection, five, embedding } = found;
    const box = toUnitBox(detection.box, photo);
    return {
      box,
      landmarks: five.map((point) => toUnitPoint(point, photo)),
      score: Math.min(1, detection.score),
      quality: qualityOf(photo, detection, five),
      embedding,
      crop: await timed('crop', cropJpeg(photo, box, crop)),
    };
  }

  return {
    timings,
    async analyse(path, { chips = false } = {}) {
      const file = await openPhoto(path);
      const photo = await timed('decode', decode(file, setup.maxSide));
      const detections = largeEnough(await timed('detect', detector.detect(photo)), photo);
      const points = await timed('landmarks', landmarker.find(photo, detections));
      const toEncode = detections.map(({ box }, index) => ({ box, points: points[index]! }));
      const embeddings = await timed('embed', encoder.encode(photo, toEncode));
      const faces: FoundFace[] = [];
      for (const [index, detection] of detections.entries()) {
        const found = { detection, five: fivePoints(points[index]!), embedding: embeddings[index]! };
        const chip = chips ? await timed('crop', encoder.chip(photo, toEncode[index]!)) : undefined;
        faces.push({ ...(await faceOf(photo, found)), ...(chip ? { chip } : {}) });
      }
      const thumbnail = await timed('crop', thumbnailJpeg(photo));
      const dhash = faces.length > 0 ? await timed('crop', dhashOf(thumbnail)) : undefined;
      return {
        hash: file.hash,
        bytes: file.bytes.length,
        width: photo.fullWidth,
        height: photo.fullHeight,
        takenAt: file.takenAt,
        thumbnail,
        ...(dhash === undefined ? {} : { dhash }),
        faces,
      };
    },
    async embed({ path, hash, faces }) {
      const file = await openPhoto(path);
      if (file.hash !== hash) throw new UnreadablePhoto('vanished', `${path} holds another photo meanwhile`);
      return embedKnown(await timed('decode', decode(file, setup.maxSide)), faces);
    },
    async embedCrops({ width, height, faces }) {
      const embeddings: Float32Array<ArrayBuffer>[] = [];
      for (const face of faces) {
        const picture = await timed('decode', decodeJpeg(face.crop));
        const known = onCrop(face, { width, height }, crop.padding);
        embeddings.push(...(await embedKnown(picture, [known])));
      }
      return embeddings;
    },
    async draw({ path, hash, box }) {
      const file = await openPhoto(path);
      if (file.hash !== hash) throw new UnreadablePhoto('vanished', `${path} holds another photo meanwhile`);
      const photo = await timed('decode', decode(file, setup.maxSide));
      const detection: Detection = { box: toPixelBox(box, photo), score: 1, landmarks: null };
      const [points] = await timed('landmarks', landmarker.find(photo, [detection]));
      const [embedding] = await timed(
        'embed',
        encoder.encode(photo, [{ box: detection.box, points: points! }]),
      );
      return faceOf(photo, { detection, five: fivePoints(points!), embedding: embedding! });
    },
    async dispose() {
      await Promise.all([detector.dispose(), landmarker.dispose(), encoder.dispose()]);
    },
  };
}

/**
 * A recorded face as its detector gave it, so that new embeddings are those of a fresh analysis. Only YuNet finds
 * points of its own; with other detectors the recorded ones came later.
 */
function asDetected({ box, landmarks, detector }: KnownFace, photo: DecodedPhoto): Detection {
  const own = detector === 'yunet' ? landmarks : null;
  return {
    box: toPixelBox(box, photo),
    score: 1,
    landmarks: own?.map(({ x, y }) => ({ x: x * photo.width, y: y * photo.height })) ?? null,
  };
}

function largeEnough(detections: readonly Detection[], photo: DecodedPhoto): Detection[] {
  const scale = photo.fullWidth / photo.width;
  return detections.filter(({ box }) => Math.min(box.width, box.height) * scale >= smallestFace);
}

function qualityOf(photo: DecodedPhoto, detection: Detection, five: readonly Point[]): number {
  const scale = photo.fullWidth / photo.width;
  const inOriginal = five.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
  const chip = cutChip(photo, boxChip(detection.box, judgedSide, 1), judgedSide);
  return overall(judge(inOriginal, chip, judgedSide, detection.score));
}

function toUnitPoint(point: Point, photo: DecodedPhoto): UnitPoint {
  return { x: point.x / photo.width, y: point.y / photo.height };
}
