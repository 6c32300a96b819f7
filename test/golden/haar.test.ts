import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import type { Detection, Detector } from '../../electron/vision/detect/detector.ts';
import { createHaarDetector } from '../../electron/vision/detect/haar.ts';
import { loadOpenCv } from '../../electron/vision/detect/opencv.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { openStore } from '../../models/store.ts';

const store = openStore();
let haar: Detector;

async function cascades() {
  return {
    frontal: await store.find('haar-frontal-default'),
    alt2: await store.find('haar-frontal-alt2'),
    profile: await store.find('haar-profile'),
  };
}

beforeAll(async () => {
  haar = await createHaarDetector(await cascades());
});
afterAll(() => haar.dispose());

function sample(number: number): Promise<DecodedPhoto> {
  const demo = import.meta.resolve('@vladmandic/face-api/package.json');
  const path = fileURLToPath(new URL(`demo/sample${number}.jpg`, demo));
  return openPhoto(path).then((file) => decode(file, 1600));
}

/** How many of `people` have a box whose centre lies in theirs. */
function found(people: readonly Detection[], boxes: readonly Detection[]): number {
  return people.filter(({ box: person }) =>
    boxes.some(({ box: { x, y, width, height } }) => {
      const right = x + width / 2 - person.x;
      const down = y + height / 2 - person.y;
      return right > 0 && right < person.width && down > 0 && down < person.height;
    }),
  ).length;
}

describe('Haar cascades', () => {
  it('find 20 or more of the 22 people of the demonstration photos, with at most 8 false boxes', async () => {
    const ssd = await loadDetector('ssd', store);
    const sum = { people: 0, found: 0, boxes: 0 };
    for (let number = 1; number <= 6; number++) {
      const photo = await sample(number);
      const people = await ssd.detect(photo);
      const boxes = await haar.detect(photo);
      sum.people += people.length;
      sum.found += found(people, boxes);
      sum.boxes += boxes.length;
      for (const { score, landmarks } of boxes) {
        expect(score).toBeGreaterThanOrEqual(0.5);
        expect(score).toBeLessThan(1);
        expect(landmarks).toBeNull();
      }
    }
    await ssd.dispose();
    expect(sum.people).toBe(22);
    expect(sum.found).toBeGreaterThanOrEqual(20);
    expect(sum.boxes - sum.found).toBeLessThanOrEqual(8);
    // What OpenCV starts with was enough, for cascades rest after large photos.
    expect(loadOpenCv().heapBytes()).toBe(128 * 1024 ** 2);
  }, 300_000);

  it('find nothing on an empty photo, and nothing in a photo smaller than a face', async () => {
    for (const side of [200, 10, 1]) {
      const data = new Uint8Array(side * side * 3).fill(120);
      const photo = { data, width: side, height: side, fullWidth: side, fullHeight: side };
      expect(await haar.detect(photo)).toEqual([]);
    }
  });

  it('give the memory of 500 photos back', async () => {
    const opencv = loadOpenCv();
    const { data } = await sharp((await sample(3)).data, { raw: { width: 1600, height: 1125, channels: 3 } })
      .resize(64, 45)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const photo = { data, width: 64, height: 45, fullWidth: 64, fullHeight: 45 };
    // What is left by one photo would show here, however little: the next piece of memory would lie further on.
    const place = () => opencv.run((cv, own) => own(new cv.Mat(1000, 1000, cv.CV_8UC1)).data.byteOffset);
    await haar.detect(photo);
    const before = { heap: opencv.heapBytes(), place: place() };
    for (let count = 0; count < 500; count++) await haar.detect(photo);
    expect({ heap: opencv.heapBytes(), place: place() }).toEqual(before);
  }, 300_000);

  it('refuse a file that is no cascade', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kith-haar-'));
    const frontal = join(folder, 'no-cascade.xml');
    for (const content of [
      'not even XML',
      '<?xml version="1.0"?><opencv_storage><a>1</a></opencv_storage>',
    ]) {
      await writeFile(frontal, content);
      const work = createHaarDetector({ ...(await cascades()), frontal });
      await expect(work).rejects.toMatchObject({ code: 'model-damaged' });
      await expect(work).rejects.toThrow('no-cascade.xml');
    }
    await rm(folder, { recursive: true });
  });
});

describe('OpenCV', () => {
  it('says in words what it throws as a number, and frees what was in use', () => {
    const opencv = loadOpenCv();
    let empty: { delete(): void } | undefined;
    const work = () =>
      opencv.run((cv, own) => {
        const mat = own(new cv.Mat());
        empty = mat;
        cv.equalizeHist(mat, mat);
        cv.flip(mat, mat, 1);
        cv.warpAffine(mat, mat, mat, new cv.Size(1, 1), 1, 0, new cv.Scalar(0));
      });
    expect(work).toThrow(/^OpenCV: .*\w{5}/);
    expect(() => empty?.delete()).toThrow('already deleted');
  });

  it('leaves the handling of unhandled errors to the process', () => {
    loadOpenCv();
    const names = process.listeners('unhandledRejection').map((listener) => listener.name);
    expect(names).not.toContain('abort');
  });
});
