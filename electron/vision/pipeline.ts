import { CROP_PADDING, CROP_SIDE } from '../contract/crop-square.ts';
import type { CropLook } from '../contract/crops.ts';
import { UnreadablePhoto } from '../contract/errors.ts';
import { toPixelBox, toUnitBox, type UnitBox, type UnitPoint } from '../contract/geometry.ts';
import type { Analysis, CutFace, FoundFace, KnownCrop, KnownFace, VisionSetup } from '../contract/vision.ts';
import { boxChip } from './align.ts';
import { closerOf, onBestPixels } from './closer.ts';
import { cropJpeg, onCrop } from './crop.ts';
import { cutFace } from './cut.ts';
import { type DecodedPhoto, decode, decodeJpeg, openPhoto, type PhotoFile, sidesOf } from './decode.ts';
import type { Detection, Point, QuarterTurn } from './detect/detector.ts';
import { turnOf } from './detect/turn.ts';
import { dhashOf } from './dhash.ts';
import { needsPoints } from './frame.ts';
import { type HiddenFaces, hideFaces } from './hide.ts';
import { fivePoints } from './landmarks.ts';
import { loadStages } from './load.ts';
import { drawPortrait, portraitOf } from './portrait.ts';
import { judge, overall } from './quality.ts';
import type { Compute } from './session.ts';
import { thumbnailJpeg } from './thumbnail.ts';
import { cutChip } from './warp.ts';

/**
 * Faces narrower or lower than this in the original photo, in pixels, are left out: encoders take 1 in 200 strangers for one
 * person there at the bound of 1 in 1,000, and at 12 pixels seven of ten people for strangers (`npm run eval -- sizes`).
 */
const smallestFace = 24;

/** The crop that people look at: its side in pixels, and how much of the photo it shows around the face. */
const crop = { side: CROP_SIDE, padding: CROP_PADDING } as const;

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
  /**
   * A face cut out of the full-size photo.
   * @throws UnreadablePhoto as embed
   */
  cut(of: { path: string; hash: string; face: KnownFace; look: CropLook }): Promise<CutFace>;
  /**
   * A copy of a photo, JPEG, without metadata, on which everybody is unrecognisable but who is kept: the faces that are
   * known, and whatever else the detector takes for a face.
   * @throws UnreadablePhoto as embed
   */
  hide(of: { path: string; hash: string; hidden: UnitBox[]; kept: UnitBox[] }): Promise<HiddenFaces>;
  /** Milliseconds spent per stage since the pipeline was made. */
  readonly timings: Readonly<Record<Stage, number>>;
  dispose(): Promise<void>;
}

export type Stage = 'decode' | 'detect' | 'landmarks' | 'embed' | 'crop';

/**
 * @param onRefused told when a provider of the setup is not used, or not any more
 * @throws KithError `model-missing` or `model-damaged`, naming the model.
 */
export async function createPipeline(
  setup: VisionSetup,
  onRefused?: Compute['onRefused'],
): Promise<Pipeline> {
  const { detector, landmarker, encoder } = await loadStages(setup, onRefused);
  const timings: Record<Stage, number> = { decode: 0, detect: 0, landmarks: 0, embed: 0, crop: 0 };

  /** Time of the stages within the one that is being timed. */
  let inner = 0;

  async function timed<T>(stage: Stage, work: Promise<T>): Promise<T> {
    const outer = inner;
    inner = 0;
    const start = performance.now();
    const result = await work;
    const took = performance.now() - start;
    timings[stage] += took - inner;
    inner = outer + took;
    return result;
  }

  /** @throws UnreadablePhoto `vanished` where the file holds another photo than `hash` says */
  async function openAs(path: string, hash?: string): Promise<PhotoFile> {
    const file = await openPhoto(path);
    if (hash !== undefined && file.hash !== hash) {
      throw new UnreadablePhoto('vanished', `${path} holds another photo meanwhile`);
    }
    return file;
  }

  /** Opens and decodes a photo. @throws UnreadablePhoto as {@link openAs} */
  async function open(path: string, hash?: string) {
    const file = await openAs(path, hash);
    const photo = await timed('decode', decode(file, setup.maxSide));
    return { file, photo, closer: closerOf(file, photo, (work) => timed('decode', work)) };
  }

  async function embedKnown(
    photo: DecodedPhoto,
    detections: readonly Detection[],
  ): Promise<Float32Array<ArrayBuffer>[]> {
    const points = encoder.needsPoints
      ? await timed('landmarks', landmarker.find(photo, detections))
      : detections.map(() => []);
    const toEncode = detections.map(({ box, turn }, index) => ({ box, turn, points: points[index]! }));
    return timed('embed', encoder.encode(photo, toEncode));
  }

  /** Embeds and judges what was detected. */
  async function facesOf(
    photo: DecodedPhoto,
    detections: readonly Detection[],
    chips: boolean,
  ): Promise<FoundFace[]> {
    const points = await timed('landmarks', landmarker.find(photo, detections));
    const toEncode = detections.map(({ box, turn }, index) => ({ box, turn, points: points[index]! }));
    const embeddings = await timed('embed', encoder.encode(photo, toEncode));
    const faces: FoundFace[] = [];
    for (const [index, detection] of detections.entries()) {
      const box = toUnitBox(detection.box, photo);
      const five = fivePoints(points[index]!);
      faces.push({
        box,
        landmarks: five.map((point) => toUnitPoint(point, photo)),
        score: Math.min(1, detection.score),
        quality: qualityOf(photo, detection, five),
        embedding: embeddings[index]!,
        crop: await timed('crop', cropJpeg(photo, box, crop)),
        ...(chips ? { chip: await timed('crop', encoder.chip(photo, toEncode[index]!)) } : {}),
      });
    }
    return faces;
  }

  /** Draws what the crops alone don't show, now that it is known who else is on the photo. */
  async function withPortraits(
    faces: readonly FoundFace[],
    { fullWidth: width, fullHeight: height }: DecodedPhoto,
  ): Promise<FoundFace[]> {
    return Promise.all(
      faces.map(async (face) => {
        const others = faces.filter((other) => other !== face).map(({ box }) => box);
        const drawing = portraitOf(face.crop, { box: face.box, photo: { width, height }, others });
        return drawing === null ? face : { ...face, portrait: await drawPortrait(drawing) };
      }),
    );
  }

  return {
    timings,
    async analyse(path, { chips = false } = {}) {
      const { file, photo, closer } = await open(path);
      const detections = largeEnough(await timed('detect', detector.detect(photo, closer)), photo);
      const found = await onBestPixels(photo, detections, closer, (of, some) => facesOf(of, some, chips));
      const faces = await timed('crop', withPortraits(found, photo));
      const thumbnail = await timed('crop', thumbnailJpeg(photo));
      const dhash = faces.length > 0 ? await timed('crop', dhashOf(thumbnail)) : undefined;
      return {
        hash: file.hash,
        bytes: file.bytes.length,
        width: photo.fullWidth,
        height: photo.fullHeight,
        takenAt: file.takenAt,
        camera: file.camera,
        thumbnail,
        ...(dhash === undefined ? {} : { dhash }),
        faces,
      };
    },
    async embed({ path, hash, faces }) {
      const { photo, closer } = await open(path, hash);
      const detections = faces.map((face) => asDetected(face, photo));
      return onBestPixels(photo, detections, closer, embedKnown);
    },
    async embedCrops({ width, height, faces }) {
      const embeddings: Float32Array<ArrayBuffer>[] = [];
      for (const face of faces) {
        const picture = await timed('decode', decodeJpeg(face.crop));
        const known = asDetected(onCrop(face, { width, height }, crop.padding), picture);
        embeddings.push(...(await embedKnown(picture, [known])));
      }
      return embeddings;
    },
    async draw({ path, hash, box }) {
      const { photo, closer } = await open(path, hash);
      const drawn: Detection = { box: toPixelBox(box, photo), score: 1, landmarks: null, turn: 0 };
      const [face] = await onBestPixels(photo, [drawn], closer, (of, some) => facesOf(of, some, false));
      return face!;
    },
    async cut({ path, hash, face, look }) {
      const { file, sides, points } = await looked();
      const box = toPixelBox(face.box, sides);
      return timed('crop', cutFace(file, { box, points, turn: turnOfKnown(face, sides) }, look, sides));

      /** Points are found as for an embedding, on the reduced photo, so that aligned faces are what encoders get. */
      async function looked() {
        if (!needsPoints(look)) {
          const opened = await openAs(path, hash);
          return { file: opened, sides: await sidesOf(opened), points: [] };
        }
        const { file: opened, photo, closer } = await open(path, hash);
        const [found] = await onBestPixels(photo, [asDetected(face, photo)], closer, async (of, some) =>
          (await landmarker.find(of, some)).map((all) => all.map((point) => toUnitPoint(point, of))),
        );
        const full = { width: photo.fullWidth, height: photo.fullHeight };
        return {
          file: opened,
          sides: full,
          points: found!.map(({ x, y }) => ({ x: x * full.width, y: y * full.height })),
        };
      }
    },
    async hide({ path, hash, hidden, kept }) {
      const { file, photo, closer } = await open(path, hash);
      const found = await timed('detect', detector.detect(photo, closer));
      const others = found.map(({ box }) => toUnitBox(box, photo));
      return timed('crop', hideFaces(file, { hidden, kept, others }));
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
  const at = landmarks?.map(({ x, y }) => ({ x: x * photo.width, y: y * photo.height })) ?? null;
  return {
    box: toPixelBox(box, photo),
    score: 1,
    landmarks: detector === 'yunet' ? at : null,
    turn: turnOfKnown({ landmarks }, photo),
  };
}

/** How a recorded face is turned on its photo. */
function turnOfKnown(
  { landmarks }: Pick<KnownFace, 'landmarks'>,
  sides: { width: number; height: number },
): QuarterTurn {
  const [right, left] = landmarks?.map(({ x, y }) => ({ x: x * sides.width, y: y * sides.height })) ?? [];
  return right && left ? turnOf(right, left) : 0;
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
