import { Tensor } from '../../../models/onnxruntime.ts';
import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import { openSession } from '../session.ts';
import type { Detection, Detector } from './detector.ts';
import { suppress } from './nms.ts';

/** Pixels between two cells of each of the network's three grids. */
const strides = [8, 16, 32] as const;

/** As OpenCV's FaceDetectorYN examples and libfacedetection use it. */
const minScore = 0.6;

/**
 * YuNet with five landmarks (Wu, Peng, Yu: "YuNet: a tiny millisecond-level face detector", 2023). Takes photos of
 * any size; decoding of the grids as in OpenCV's `modules/objdetect/src/face_detect.cpp`.
 */
export async function createYunetDetector(modelFile: string): Promise<Detector> {
  const session = await openSession(modelFile);
  return {
    async detect(photo) {
      const { input, width, height } = toPlanes(photo);
      const results = await session.run({ input: new Tensor('float32', input, [1, 3, height, width]) });
      const outputs = Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
      return suppress(strides.flatMap((stride) => readGrid(outputs, stride, width, photo)));
    },
    dispose: () => session.release(),
  };
}

/** RGB bytes → BGR planes of floats 0..255, padded with black to a multiple of the largest stride. */
function toPlanes(photo: DecodedPhoto): { input: Float32Array; width: number; height: number } {
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
  photo: DecodedPhoto,
): Detection[] {
  const classes = outputs[`cls_${stride}`]!;
  const objects = outputs[`obj_${stride}`]!;
  const boxes = outputs[`bbox_${stride}`]!;
  const points = outputs[`kps_${stride}`]!;
  const columns = width / stride;
  const found: Detection[] = [];
  for (let cell = 0; cell < classes.length; cell++) {
    const score = Math.sqrt(clamp01(classes[cell]!) * clamp01(objects[cell]!));
    if (score < minScore) continue;
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
    found.push({ box, score, landmarks });
  }
  return found;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
