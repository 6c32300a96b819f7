import { parentPort, workerData } from 'node:worker_threads';
import type { Calibration } from '../contract/calibration.ts';
import { type Faces, surroundings } from '../grouping/neighbours.ts';
import { openProduct } from './matrix.ts';

/** A thread that finds every face's neighbours once, and ends. */
const { faces, calibration } = workerData as { faces: Faces; calibration: Calibration };
const product = await openProduct();
parentPort!.postMessage(await surroundings(faces, calibration, product));
await product.release();
