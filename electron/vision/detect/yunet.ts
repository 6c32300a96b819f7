import sharp from 'sharp';
import { Tensor } from '../../../models/onnxruntime.ts';
import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import { type Compute, drawnPlanes, openSession } from '../session.ts';
import { type Detection, resized } from './detector.ts';
import { suppress } from './nms.ts';
import { findSmall, type SmallSearch } from './small-faces.ts';
import type { UprightDetector } from './turning.ts';

/** Pixels between two cells of each of the network's three grids. */
const strides = [8, 16, 32] as const;

/** As OpenCV's FaceDetectorYN examples and libfacedetection use it. */
const minScore = 0.6;

/** From here on something small may be a face, and something else a turned one. */
const minHint = 0.3;

/** The same for photos of which the surest face is upright without a doubt. Chosen by hand. */
const uprightScore = 0.9;

/**
 * Longest side of a face, in pixels, up to which the photo as it is shows it best. Of 50 LFW faces each got one box from
 * 24 to 400 pixels; at 450 the first got two, at 600 nine, and a face that fills a photo of 1600 gets up to eight, on its
 * eyes, nose and mouth (`npm run eval -- close-ups`).
 */
const largestFace = 320;

/** Longest side of the small view, in which a face that fills the frame is just within what the network knows. */
const smallSide = 400;

/** From this share of `largestFace` on, faces of the small view count, so that none falls between the two. */
const sharedSizes = 0.75;

/**
 * Longest side of the usual view. What is small there is looked at closer, so that it finds what a view of 1600 pixels
 * does, in a third of the time (`npm run eval -- detect`).
 */
const usualSide = 800;

/** Side of the picture by which a provider is compared with the CPU, in pixels: a multiple of the coarsest grid's stride. */
const PROBE_SIDE = 320;

/** RGB bytes, row by row. */
type Picture = Pick<DecodedPhoto, 'data' | 'width' | 'height'>;

/**
 * YuNet with five landmarks (Wu, Peng, Yu: "YuNet: a tiny millisecond-level face detector", 2023). Takes photos of
 * any size, large faces from a small view of them, and small ones from parts of a larger; decoding of the grids as in
 * OpenCV's `modules/objdetect/src/face_detect.cpp`.
 */
export async function createYunetDetector(modelFile: string, compute?: Compute): Promise<UprightDetector> {
  const session = await openSession(modelFile, drawnPlanes(PROBE_SIDE), compute);

  async function look(picture: Picture): Promise<Detection[]> {
    const { input, width, height } = toPlanes(picture);
    const results = await session.run({ input: new Tensor('float32', input, [1, 3, height, width]) });
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]),
    );
    return suppress(strides.flatMap((stride) => readGrid(outputs, stride, width, picture)));
  }

  /** Looks at the whole photo at a longest side of so many pixels. */
  async function lookAt(photo: DecodedPhoto, side: number): Promise<Detection[]> {
    const scale = Math.min(1, side / Math.max(photo.width, photo.height));
    const seen = await look(await cut(photo, wholeOf(photo), scale));
    return seen.map((face) => resized(face, 1 / scale));
  }

  const small: SmallSearch = {
    levels: [
      { side: usualSide, small: 16 },
      { side: 1600, small: 16 },
      { side: 3200, small: 0 },
    ],
    tileSide: 1024,
    minHint,
    laterHint: minHint,
    minScore,
    sure: 0.8,
    async look(photo, part, scale) {
      const seen = await look(await cut(photo, part, scale));
      return seen.map((face) => shifted(resized(face, 1 / scale), part));
    },
  };

  return {
    uprightScore,
    async detect(photo, closer) {
      const length = Math.max(photo.width, photo.height);
      const first = await lookAt(photo, usualSide);
      const scale = Math.min(1, usualSide / length);
      const usual = first.filter((face) => sideOf(face) * scale <= largestFace);
      const large =
        length > smallSide
          ? (await lookAt(photo, smallSide)).filter(
              (face) => sideOf(face) * scale > largestFace * sharedSizes,
            )
          : [];
      const all = [...(length > smallSide ? usual : first), ...large];
      const found = [...all, ...(await findSmall(photo, first, closer, small))];
      return { faces: suppress(found.filter(({ score }) => score >= minScore)), seen: suppress(all) };
    },
    dispose: () => session.release(),
  };
}

function sideOf({ box }: Detection): number {
  return Math.max(box.width, box.height);
}

function wholeOf({ width, height }: Picture): PixelBox {
  return { x: 0, y: 0, width, height } as PixelBox;
}

/** A part of a picture, `scale` times as large. */
async function cut(picture: Picture, part: PixelBox, scale: number): Promise<Picture> {
  const isWhole = part.width === picture.width && part.height === picture.height;
  if (isWhole && scale === 1) return picture;
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const [width, height] = [side(part.width), side(part.height)];
  const data = await sharp(picture.data, { raw })
    .extract({ left: part.x, top: part.y, width: part.width, height: part.height })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

function shifted(face: Detection, { x, y }: PixelBox): Detection {
  return {
    ...face,
    box: { ...face.box, x: face.box.x + x, y: face.box.y + y } as PixelBox,
    landmarks: face.landmarks?.map((point) => ({ x: point.x + x, y: point.y + y })) ?? null,
  };
}

/** RGB bytes → BGR planes of floats 0..255, padded with black to a multiple of the largest stride. */
function toPlanes(photo: Picture): { input: Float32Array; width: number; height: number } {
  const width = Math.ceil(photo.width / 32) * 32;
  const height = Math.ceil(photo.height / 32) * 32;
  const plane = width * height;
  const input = new Float32Array(3 * plane);
  for (let y = 0; y < photo.height; y++) {
    let from = y * photo.width * 3;
    let to = y * width;
    for (let x = 0; x < photo.width; x++, from += 3, to++) {
      input[to] = photo.data[from + 2]!;
      input[plane + to] = photo.data[from + 1]!;
      input[2 * plane + to] = photo.data[from]!;
    }
  }
  return { input, width, height };
}

function readGrid(
  outputs: Record<string, Float32Array>,
  stride: number,
  width: number,
  photo: Picture,
): Detection[] {
  const classes = outputs[`cls_${stride}`]!;
  const objects = outputs[`obj_${stride}`]!;
  const boxes = outputs[`bbox_${stride}`]!;
  const points = outputs[`kps_${stride}`]!;
  const columns = width / stride;
  const found: Detection[] = [];
  for (let cell = 0; cell < classes.length; cell++) {
    const score = Math.sqrt(clamp01(classes[cell]!) * clamp01(objects[cell]!));
    if (score < minHint) continue;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    const boxWidth = Math.exp(boxes[cell * 4 + 2]!) * stride;
    const boxHeight = Math.exp(boxes[cell * 4 + 3]!) * stride;
    const left = Math.max(0, (column + boxes[cell * 4]!) * stride - boxWidth / 2);
    const top = Math.max(0, (row + boxes[cell * 4 + 1]!) * stride - boxHeight / 2);
    const right = Math.min(photo.width, left + boxWidth);
    const bottom = Math.min(photo.height, top + boxHeight);
    if (right <= left || bottom <= top) continue;
    const landmarks = Array.from({ length: 5 }, (_, point) => ({
      x: (column + points[cell * 10 + point * 2]!) * stride,
      y: (row + points[cell * 10 + point * 2 + 1]!) * stride,
    }));
    const box = { x: left, y: top, width: right - left, height: bottom - top } as PixelBox;
    found.push({ box, score, landmarks, turn: 0 });
  }
  return found;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
