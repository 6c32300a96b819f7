/**
 * One pass of face-api over a folder, in a process of its own: prints `{ photos, faces, seconds, decodeSeconds }`.
 * Models are loaded and warmed up before the clock starts; never two photos at once (the WebAssembly backend has one
 * thread in Node). Photos are decoded by sharp and handed over as they are, which is what face-api's own demonstration
 * for Node does; or, with a longest side as second argument, reduced to it first, which spares face-api a resize that
 * it is slow at.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadFaceApi, samples } from '../golden/models-reference.ts';

const { faceapi, tf } = await loadFaceApi();
const folder = process.argv[2]!;
const longestSide = process.argv[3] === undefined ? null : Number(process.argv[3]);
const options = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5 });
let decodeSeconds = 0;

async function analyse(path: string): Promise<number> {
  const start = performance.now();
  const photo = sharp(path).autoOrient();
  if (longestSide !== null) {
    photo.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true });
  }
  const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true });
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
const names = (await readdir(folder)).sort();
const start = performance.now();
let faces = 0;
for (const name of names) faces += await analyse(join(folder, name));
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ photos: names.length, faces, seconds, decodeSeconds }));
