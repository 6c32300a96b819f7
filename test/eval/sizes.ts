import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { EncoderId } from '../../electron/contract/ids.ts';
import { lfwPath, parseLfwPairs } from '../../electron/grouping/lfw-pairs.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { type Trial, tarAtFar } from '../../electron/grouping/verification.ts';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import { type Detection, resized } from '../../electron/vision/detect/detector.ts';
import { createLandmarker } from '../../electron/vision/landmarks.ts';
import { loadDetector, loadEncoder } from '../../electron/vision/load.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';
import { central } from './crops.ts';
import { lfwFiles } from './lfw.ts';

/** Widths of a face, in pixels. */
const WIDTHS = [12, 16, 20, 24, 30, 40, 55, 70] as const;

/** Pairs of the first folds. */
const PAIRS = 1200;

/** False accept rate at which the bound is set: on pictures as they are. */
const FAR = 0.001;

/**
 * What an embedding of a small face is worth: of LFW's pairs, the first picture is reduced until its face has a width.
 *
 * @returns a table in Markdown: TAR and FAR at the bound at which one of 1,000 impostors is accepted on the pictures as they
 * are, and TAR at a bound of each width's own
 */
export async function compareSizes(id: EncoderId, report: (what: string) => void): Promise<string> {
  const store = openStore();
  const detector = await loadDetector('yunet', store);
  const landmarker = await createLandmarker(await store.find('landmarks-68'));
  const encoder = await loadEncoder(await encoderKey(id, store), store);
  const files = lfwFiles();
  const pairs = parseLfwPairs(readFileSync(files.pairs, 'utf8')).pairs.slice(0, PAIRS);

  async function embed(photo: DecodedPhoto, face: Detection): Promise<Float32Array> {
    const [points] = await landmarker.find(photo, [face]);
    return (await encoder.encode(photo, [{ box: face.box, points: points!, turn: 0 }]))[0]!;
  }

  const trials = new Map<number, Trial[]>([0, ...WIDTHS].map((width) => [width, []]));
  const known = new Map<string, { photo: DecodedPhoto; face: Detection; vector: Float32Array } | null>();
  async function seen(picture: string) {
    const before = known.get(picture);
    if (before !== undefined) return before;
    const photo = await decode(await openPhoto(join(files.pictures, picture)), 1600);
    const face = central(await detector.detect(photo), photo);
    const one = face && { photo, face, vector: await embed(photo, face) };
    known.set(picture, one);
    return one;
  }

  for (const [at, { a, b, genuine, fold }] of pairs.entries()) {
    if (at % 100 === 0) report(`${id}: ${at} of ${pairs.length} pairs`);
    const [one, other] = [await seen(lfwPath(a)), await seen(lfwPath(b))];
    if (!one || !other) continue;
    trials.get(0)!.push({ distance: distanceOf(dot(one.vector, other.vector)), genuine, fold });
    for (const width of WIDTHS) {
      const scale = width / one.face.box.width;
      const small = await embed(await reduced(one.photo, scale), resized(one.face, scale));
      trials.get(width)!.push({ distance: distanceOf(dot(small, other.vector)), genuine, fold });
    }
  }
  await Promise.all([detector.dispose(), landmarker.dispose(), encoder.dispose()]);
  const impostors = trials
    .get(0)!
    .filter(({ genuine }) => !genuine)
    .map(({ distance }) => distance);
  const bound = impostors.toSorted((x, y) => x - y)[Math.floor(FAR * impostors.length)]!;
  const share = (of: readonly Trial[], genuine: boolean) => {
    const some = of.filter((trial) => trial.genuine === genuine);
    return ((100 * some.filter(({ distance }) => distance < bound).length) / some.length).toFixed(2);
  };
  return [
    '| encoder | width of a face, px | TAR at the bound, % | FAR at the bound, % | TAR at FAR 1 %, % |',
    '|---|---|---|---|---|',
    ...[...trials].map(
      ([width, of]) =>
        `| ${id} | ${width || 'as it is'} | ${share(of, true)} | ${share(of, false)} | ${(100 * tarAtFar(of, 0.01)).toFixed(2)} |`,
    ),
  ].join('\n');
}

async function reduced(photo: DecodedPhoto, scale: number): Promise<DecodedPhoto> {
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const [width, height] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
  const data = await sharp(photo.data, { raw }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return { data, width, height, fullWidth: width, fullHeight: height };
}
