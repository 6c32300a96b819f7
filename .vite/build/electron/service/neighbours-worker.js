import { surroundings } from "../grouping/neighbours.js";
import { openProduct } from "./matrix.js";
import { parentPort, workerData } from "node:worker_threads";
// electron/service/neighbours-worker.ts
/** A thread that finds every face's neighbours once, and ends. */
var { faces, calibration } = workerData;
var product = await openProduct();
parentPort.postMessage(await surroundings(faces, calibration, product));
await product.release();
export {};
