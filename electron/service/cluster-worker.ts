import { parentPort, workerData } from 'node:worker_threads';
import { type ClusterInput, cluster } from '../grouping/cluster.ts';
import { openProduct } from './matrix.ts';

/** A thread that groups once and ends. */
const product = await openProduct();
parentPort!.postMessage(await cluster(workerData as ClusterInput, product));
await product.release();
