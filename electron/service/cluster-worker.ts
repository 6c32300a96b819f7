import { parentPort, workerData } from 'node:worker_threads';
import { type ClusterInput, cluster } from '../grouping/cluster.ts';

/** A thread that groups once and ends. */
parentPort!.postMessage(cluster(workerData as ClusterInput));
