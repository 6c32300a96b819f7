import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as TensorFlow from '@tensorflow/tfjs';
import type * as FaceApi from '@vladmandic/face-api';
import sharp from 'sharp';

const require = createRequire(import.meta.url);
const packageDir = `${dirname(require.resolve('@vladmandic/face-api/package.json'))}/`;

export interface Reference {
  faceapi: typeof FaceApi;
  /** TensorFlow.js as face-api uses it: its tensors are of no other copy's class. */
  tf: typeof TensorFlow;
}

/** Face-api itself, its own weights loaded, on TensorFlow.js's WebAssembly backend. */
export async function loadFaceApi(): Promise<Reference> {
  answerWasmFromFiles();
  const faceapi: typeof FaceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const tf: typeof TensorFlow = require('@tensorflow/tfjs');
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm')
    throw new Error(`Expected the wasm backend but received ${tf.getBackend()}`);
  await faceapi.nets.ssdMobilenetv1.loadFromDisk(`${packageDir}model`);
  await faceapi.nets.tinyFaceDetector.loadFromDisk(`${packageDir}model`);
  await faceapi.nets.faceLandmark68Net.loadFromDisk(`${packageDir}model`);
  await faceapi.nets.faceRecognitionNet.loadFromDisk(`${packageDir}model`);
  return { faceapi, tf };
}

/** The backend asks `fetch` for its .wasm by file path, which Node's fetch refuses. */
export function answerWasmFromFiles(): void {
  const fetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const address = String(input);
    if (!address.endsWith('.wasm') || address.startsWith('http')) return fetch(input, init);
    const path = address.startsWith('file:') ? fileURLToPath(address) : address;
    return new Response(readFileSync(path), { headers: { 'content-type': 'application/wasm' } });
  };
}

/** Group photos inside face-api's package and how many people are on each. */
export const samples = [3, 3, 3, 4, 5, 4].map((people, i) => ({
  name: `sample${i + 1}.jpg`,
  path: `${packageDir}demo/sample${i + 1}.jpg`,
  people,
}));

/** A photo's upright pixels: uint8, RGB, row-major. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

export async function readPixels(path: string): Promise<Pixels> {
  const image = sharp(path).rotate().removeAlpha().toColourspace('srgb').raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A part of a picture, in its pixels. */
interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Part of a photo, stretched to a square of `side` pixels. */
export async function square(path: string, side: number, part: Part): Promise<Uint8Array> {
  return sharp(path).extract(part).resize(side, side, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}

/** The largest absolute difference of two equally long lists; NaN anywhere counts as infinite. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`Expected ${a.length} numbers but received ${b.length}`);
  let max = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    max = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(max, difference);
  }
  return max;
}
