import { cluster } from "../grouping/cluster.js";
import { parentPort, workerData } from "node:worker_threads";
// electron/service/cluster-worker.ts
/** A thread that groups once and ends. */
parentPort.postMessage(cluster(workerData));
export {};
