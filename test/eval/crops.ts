import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lfwPath, parseLfwPairs } from '../../electron/grouping/lfw-pairs.ts';
import { distanceOf, dot, normalise } from '../../electron/grouping/similarity.ts';
import { foldedAccuracy, type Trial, tarAtFar } from '../../electron/grouping/verification.ts';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import { createEncoder, type Encoder, type FaceToEncode } from '../../electron/vision/encode.ts';
import { createLandmarker } from '../../electron/vision/landmarks.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { catalog } from '../../models/catalog.ts';
import { openStore } from '../../models/store.ts';
import { lfwFiles } from './lfw.ts';

/** Pairs are judged in these folds only: a crop more costs a quarter of an hour on all of them. */
const FOLDS = 4;

const CROPS = [
  { scale: 1, turn: false },
  { scale: 1.1, turn: false },
  { scale: 1.2, turn: false },
  { scale: 1.3, turn: false },
  { scale: 1.1, turn: true },
  { scale: 1.2, turn: true },
] as const;

/** Vectors of one picture: for each crop the face's and its mirror picture's. */
type Looks = [Float32Array, Float32Array][];

/**
 * FaceNet on LFW by how the face is cut out, boxes by YuNet.
 *
 * @returns a table in Markdown: accuracy over the folds, and TAR at FAR 0.1 %, without and with the mirrored mean
 */
export async function compareCrops(): Promise<string> {
  const store = openStore();
  const detector = await loadDetector('yunet', store);
  const landmarker = await createLandmarker(await store.find('landmarks-68'));
  const file = await store.find('facenet-512');
  const encoders = await Promise.all(
    CROPS.map((crop) =>
      createEncoder(file, {
        side: 160,
        size: catalog['facenet-512'].shape.size,
        alignment: { kind: 'box', ...crop },
        mirror: false,
      }),
    ),
  );
  const files = lfwFiles();
  const pairs = parseLfwPairs(readFileSync(files.pairs, 'utf8')).pairs.filter(({ fold }) => fold < FOLDS);
  const paths = [...new Set(pairs.flatMap(({ a, b }) => [lfwPath(a), lfwPath(b)]))].toSorted();
  const looks = new Map<string, Looks>();
  for (const [done, path] of paths.entries()) {
    if (done % 100 === 0) process.stderr.write(`${done}/${paths.length} pictures\n`);
    const photo = await decode(await openPhoto(join(files.pictures, path)), 1600);
    const face = central(await detector.detect(photo), photo);
    if (!face) continue;
    const [points] = await landmarker.find(photo, [face]);
    looks.set(path, await looksOf(encoders, photo, { box: face.box, points: points!, turn: 0 }));
  }
  const rows = CROPS.flatMap(({ scale, turn }, crop) =>
    [false, true].map((mirror) => {
      const trials = pairs.map(({ a, b, genuine, fold }): Trial => {
        const [one, other] = [looks.get(lfwPath(a)), looks.get(lfwPath(b))];
        const distance =
          one && other
            ? distanceOf(dot(vectorOf(one[crop]!, mirror), vectorOf(other[crop]!, mirror)))
            : Number.POSITIVE_INFINITY;
        return { distance, genuine, fold };
      });
      const { accuracy, std } = foldedAccuracy(trials);
      const tar = tarAtFar(trials, 0.001);
      const percent = (share: number) => (share * 100).toFixed(2);
      return `| ${scale.toFixed(1)} | ${turn ? 'yes' : 'no'} | ${mirror ? 'yes' : 'no'} | ${percent(accuracy)} % ± ${percent(std)} | ${percent(tar)} % |`;
    }),
  );
  return [
    `${pairs.length} pairs, ${FOLDS} folds, ${paths.length} pictures`,
    '',
    '| box × | turned | mirrored mean | accuracy | TAR at FAR 0.1 % |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function vectorOf([plain, mirrored]: Looks[number], mirror: boolean): Float32Array {
  return mirror ? normalise(plain.map((value, i) => value + mirrored[i]!)) : plain;
}

async function looksOf(
  encoders: readonly Encoder[],
  photo: DecodedPhoto,
  face: FaceToEncode,
): Promise<Looks> {
  const [flipped, flippedFace] = mirrored(photo, face);
  const looks: Looks = [];
  for (const encoder of encoders) {
    const [plain] = await encoder.encode(photo, [face]);
    const [mirror] = await encoder.encode(flipped, [flippedFace]);
    looks.push([plain!, mirror!]);
  }
  return looks;
}

/** Points of the 68 keep their places in the list: right and left eye change sides, and with them the angle. */
function mirrored(photo: DecodedPhoto, { box, points }: FaceToEncode): [DecodedPhoto, FaceToEncode] {
  const { width, height } = photo;
  const data = Buffer.alloc(photo.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [from, to] = [(y * width + x) * 3, (y * width + width - 1 - x) * 3];
      for (let c = 0; c < 3; c++) data[to + c] = photo.data[from + c]!;
    }
  }
  const flip = points.map(({ x, y }) => ({ x: width - x, y }));
  const eyes = [...flip.slice(0, 36), ...flip.slice(42, 48), ...flip.slice(36, 42), ...flip.slice(48)];
  return [
    { ...photo, data },
    { box: { ...box, x: width - box.x - box.width }, points: eyes, turn: 0 },
  ];
}

/** Of what was found on a picture, what lies nearest its centre. */
export function central<T extends { box: { x: number; y: number; width: number; height: number } }>(
  faces: readonly T[],
  { width, height }: DecodedPhoto,
): T | null {
  const offset = ({ box }: T) =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  return faces.toSorted((a, b) => offset(a) - offset(b))[0] ?? null;
}
