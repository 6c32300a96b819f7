/**
 * One pass of face-api over a folder, in a process of its own: prints `{ photos, faces, seconds, decodeSeconds }`.
 * It is met with what suits it best: models loaded and warmed up before the clock starts, photos decoded by sharp
 * straight to the size at which Kith works, and never two at once (the WebAssembly backend has one thread in Node).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadFaceApi, samples } from '../golden/models-reference.ts';
import { LONGEST_SIDE } from './settings.ts';

const { faceapi, tf } = await loadFaceApi();
const options = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5 });
let decodeSeconds = 0;

async function analyse(path: string): Promise<number> {
  const start = performance.now();
  const { data, info } = await sharp(path)
    .autoOrient()
    .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  decodeSeconds += (performance.now() - start) / 1000;
  const tensor = tf.tensor3d(data, [info.height, info.width, 3], 'int32');
  const faces = await faceapi
    .detectAllFaces(tensor as never, options)
    .withFaceLandmarks()
    .withFaceDescriptors();
  tensor.dispose();
  return faces.length;
}

await analyse(samples[0]!.path);
decodeSeconds = 0;
const folder = process.argv[2]!;
const names = (await readdir(folder)).sort();
const start = performance.now();
let faces = 0;
for (const name of names) faces += await analyse(join(folder, name));
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ photos: names.length, faces, seconds, decodeSeconds }));
