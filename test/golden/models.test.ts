import { beforeAll, describe, expect, it } from 'vitest';
import { iou, PixelBox, toUnitBox } from '../../electron/contract/geometry.ts';
import { catalog, type ModelId } from '../../models/catalog.ts';
import { ensureBundled } from '../../models/make.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import { openStore } from '../../models/store.ts';
import {
  loadFaceApi,
  maxDifference,
  type Pixels,
  type Reference,
  readPixels,
  samples,
  square,
} from './models-reference.ts';

/** What the issue allows between a converted network and the original on TensorFlow.js. */
const tolerance = 1e-4;

let reference: Reference;
const sessions = new Map<ModelId, InferenceSession>();
/** What face-api finds on one sample photo. */
interface Found {
  photo: Pixels;
  /** The photo padded to a square and resized by face-api, rounded to the bytes that our network takes. */
  resized: Uint8Array;
  /** In pixels of the photo. */
  boxes: PixelBox[];
}

const found = new Map<string, Found>();

beforeAll(async () => {
  await ensureBundled();
  const store = openStore();
  for (const id of ['ssd', 'tiny-face', 'landmarks-68', 'dlib'] as const) {
    sessions.set(id, await InferenceSession.create(await store.find(id)));
  }
  reference = await loadFaceApi();
  for (const { path } of samples) found.set(path, await findFaces(path));
}, 120_000);

/** Runs a network of ours on pictures of its own size. */
async function run(
  id: 'ssd' | 'landmarks-68' | 'dlib',
  pictures: Uint8Array[],
): Promise<Record<string, Tensor>> {
  const side = catalog[id].input.side ?? 512;
  const image = new Uint8Array(pictures.length * side * side * 3);
  pictures.forEach((picture, i) => {
    image.set(picture, i * side * side * 3);
  });
  return sessions.get(id)!.run({ image: new Tensor('uint8', image, [pictures.length, side, side, 3]) });
}

/** The same pictures as face-api takes them. */
async function toInput(pictures: Uint8Array[], side: number) {
  const { faceapi, tf } = reference;
  const tensors = pictures.map((picture) => tf.tensor3d(picture, [side, side, 3], 'int32'));
  return faceapi.toNetInput(tensors as never);
}

/** Boxes above `least`, suppressed as face-api does it (IoU 0.5), best first. Fractions of the square. */
function suppress(boxes: Float32Array, scores: Float32Array, least: number): PixelBox[] {
  const order = [...scores.keys()].filter((i) => scores[i]! > least).sort((a, b) => scores[b]! - scores[a]!);
  const kept: PixelBox[] = [];
  for (const i of order) {
    const [top, left, bottom, right] = boxes.subarray(i * 4, i * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const box = PixelBox.parse({ x: left, y: top, width: right - left, height: bottom - top });
    if (kept.every((other) => iou(box, other) <= 0.5)) kept.push(box);
  }
  return kept;
}

describe('SSD MobileNet v1', () => {
  it.each(samples)('gives the boxes of face-api on $name, given its input', async ({ path, people }) => {
    const { photo, resized, boxes: theirs } = found.get(path)!;
    const { boxes, scores } = await run('ssd', [resized]);
    const ours = suppress(boxes!.data as Float32Array, scores!.data as Float32Array, 0.5);
    expect(theirs).toHaveLength(people);
    expect(ours).toHaveLength(people);
    const side = Math.max(photo.width, photo.height);
    for (const box of theirs) {
      const fractions = toUnitBox(box, { width: side, height: side });
      expect(Math.max(...ours.map((each) => iou(each, fractions)))).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('gives the tensors of face-api, two pictures at once', async () => {
    const pictures = await Promise.all(samples.slice(0, 2).map(({ path }) => square(path, 512, whole(path))));
    const { boxes, scores } = await run('ssd', pictures);
    const theirs = reference.faceapi.nets.ssdMobilenetv1.forwardInput(await toInput(pictures, 512));
    for (const [i, each] of theirs.boxes.entries()) {
      const part = (tensor: Tensor, size: number) =>
        (tensor.data as Float32Array).subarray(i * size, (i + 1) * size);
      expect(maxDifference(part(boxes!, 5118 * 4), each.dataSync())).toBeLessThan(tolerance);
      expect(maxDifference(part(scores!, 5118), theirs.scores[i]!.dataSync())).toBeLessThan(tolerance);
    }
    expect(boxes!.dims).toEqual([2, 5118, 4]);
    expect(scores!.dims).toEqual([2, 5118]);
  });
});

describe('SSD MobileNet v1 on pictures that are not square', () => {
  it('sees what it sees on a square filled up with black', async () => {
    const { path } = samples[0]!;
    const picture = await square(path, 512, whole(path));
    const rows = 352;
    picture.fill(0, rows * 512 * 3);
    const all = await run('ssd', [picture]);
    const image = new Tensor('uint8', picture.subarray(0, rows * 512 * 3), [1, rows, 512, 3]);
    const part = await sessions.get('ssd')!.run({ image });
    const boxes = (result: typeof all) =>
      suppress(result.boxes!.data as Float32Array, result.scores!.data as Float32Array, 0.5);
    expect(boxes(all).length).toBeGreaterThan(0);
    expect(boxes(part)).toHaveLength(boxes(all).length);
    boxes(part).forEach((box, i) => {
      expect(iou(box, boxes(all)[i]!)).toBeGreaterThan(0.98);
    });
  });
});

describe('The tiny face detector', () => {
  it('gives the tensor of face-api, two pictures at once', async () => {
    const side = 192;
    const pictures = await Promise.all(
      samples.slice(0, 2).map(({ path }) => square(path, side, whole(path))),
    );
    const image = new Tensor('uint8', Uint8Array.from(pictures.flatMap((each) => [...each])), [
      2,
      side,
      side,
      3,
    ]);
    const { cells } = await sessions.get('tiny-face')!.run({ image });
    const theirs = reference.faceapi.nets.tinyFaceDetector.forwardInput(await toInput(pictures, side), side);
    expect(cells!.dims).toEqual([2, 6, 6, 25]);
    expect(theirs.shape).toEqual([2, 6, 6, 25]);
    // Logits and logarithms of up to 20, from weights of a byte each.
    expect(maxDifference(cells!.data as Float32Array, theirs.dataSync())).toBeLessThan(1e-3);
  });
});

describe('68 landmarks', () => {
  it('gives the points of face-api on every face of the sample photos', async () => {
    const crops = await faceCrops(112);
    const { landmarks } = await run('landmarks-68', crops);
    const theirs = reference.faceapi.nets.faceLandmark68Net.runNet(await toInput(crops, 112));
    expect(landmarks!.dims).toEqual([22, 68, 2]);
    expect(maxDifference(landmarks!.data as Float32Array, theirs.dataSync())).toBeLessThan(tolerance);
  });
});

describe("dlib's ResNet", () => {
  it('gives the embeddings of face-api on every face of the sample photos', async () => {
    const crops = await faceCrops(150);
    const { embedding } = await run('dlib', crops);
    const theirs = reference.faceapi.nets.faceRecognitionNet.forwardInput(await toInput(crops, 150));
    expect(embedding!.dims).toEqual([22, 128]);
    expect(maxDifference(embedding!.data as Float32Array, theirs.dataSync())).toBeLessThan(tolerance);
  });
});

describe('the catalog', () => {
  it.each(['ssd', 'tiny-face', 'landmarks-68', 'dlib'] as const)(
    'says what %s takes and gives',
    async (id) => {
      const session = sessions.get(id)!;
      const { input, outputs } = catalog[id];
      const [taken] = session.inputMetadata;
      expect(taken).toMatchObject({
        name: input.name,
        type: input.type,
        shape: ['N', input.side ?? 'H', input.side ?? 'W', 3],
      });
      const given = session.outputMetadata.map((output) => [output.name, 'shape' in output && output.shape]);
      expect(Object.fromEntries(given)).toEqual(outputs);
    },
  );
});

async function findFaces(path: string): Promise<Found> {
  const { faceapi, tf } = reference;
  const photo = await readPixels(path);
  const tensor = tf.tensor3d(photo.data, [photo.height, photo.width, 3], 'int32');
  const detections = await faceapi.detectAllFaces(tensor as never, new faceapi.SsdMobilenetv1Options());
  const resized = (await faceapi.toNetInput(tensor as never)).toBatchTensor(512, false).dataSync();
  const boxes = detections.map(({ box: { x, y, width, height } }) => PixelBox.parse({ x, y, width, height }));
  return { photo, resized: Uint8Array.from(resized, Math.round), boxes };
}

function whole(path: string) {
  const { width, height } = found.get(path)!.photo;
  return { left: 0, top: 0, width, height };
}

/** Every face of the sample photos as face-api boxes it, stretched to a square. */
function faceCrops(side: number): Promise<Uint8Array[]> {
  const crops = [...found].flatMap(([path, { photo, boxes }]) =>
    boxes.map((box) => square(path, side, wholePixels(box, photo))),
  );
  return Promise.all(crops);
}

function wholePixels(box: PixelBox, photo: Pixels) {
  const [left, top] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const width = Math.min(photo.width - left, Math.round(box.width));
  return { left, top, width, height: Math.min(photo.height - top, Math.round(box.height)) };
}
