import { Worker } from 'node:worker_threads';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderId, FaceId } from '../contract/ids.ts';
import { type ClusterInput, cluster } from '../grouping/cluster.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';

/** Raised when the same faces and calibration would now give other groups, so that old groups are made again. */
const METHOD_VERSION = 2;

/** Fewer faces are grouped sooner than a thread starts. */
const WORTH_A_THREAD = 500;

export interface GroupOptions {
  library: Library;
  encoder: EncoderId;
  calibration: Calibration;
  signal?: AbortSignal | undefined;
}

/**
 * Groups all faces of the library that have an embedding of this encoder, unless that was done since the last
 * change. The groups follow from the photos' contents alone: group 1 is the largest, and among equals the one
 * whose first face comes first by its photo's hash and its place there.
 *
 * @throws KithError cancelled (the former groups stay), and the errors of the library
 */
export async function groupLibrary({ library, encoder, calibration, signal }: GroupOptions): Promise<void> {
  const method = `${encoder} ${METHOD_VERSION} ${JSON.stringify(calibration)}`;
  if (library.groups.areCurrent(method)) return;
  const state = library.groups.state();
  const table = library.faces.embeddings(encoder);
  const labels = await labelled(table, calibration, signal);
  library.groups.replace(gathered(labels, table.faceIds), { encoder, method }, state);
}

/** Group of each row of the table, -1 for a face alone. */
async function labelled(
  table: EmbeddingTable,
  calibration: Calibration,
  signal: AbortSignal | undefined,
): Promise<Int32Array> {
  const { vectors, size, qualities: quality } = table;
  const input: ClusterInput = { vectors, size, photo: photoIndexes(table.photoHashes), quality, calibration };
  return table.faceIds.length < WORTH_A_THREAD ? cluster(input) : clusterApart(input, signal);
}

/** Runs the clustering in a thread, so that the service goes on answering; takes the vectors along. */
async function clusterApart(input: ClusterInput, signal: AbortSignal | undefined): Promise<Int32Array> {
  const worker = new Worker(new URL('./cluster-worker.ts', import.meta.url), {
    workerData: input,
    transferList: [input.vectors.buffer as ArrayBuffer],
  });
  try {
    return await new Promise<Int32Array>((resolve, reject) => {
      const cancel = () => reject(new KithError('cancelled', 'grouping'));
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`Expected groups but the thread ended with ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
}

/** Numbers photos from 0 in the order of the table, in which faces of one photo follow each other. */
function photoIndexes(hashes: readonly string[]): Int32Array {
  let index = -1;
  return Int32Array.from(hashes, (hash, i) => (hash === hashes[i - 1] ? index : ++index));
}

/** Faces of each group, largest first, then by the first face's row. */
function gathered(labels: Int32Array, faceIds: readonly FaceId[]): FaceId[][] {
  const groups = new Map<number, FaceId[]>();
  labels.forEach((label, row) => {
    if (label < 0) return;
    const group = groups.get(label);
    if (group) group.push(faceIds[row]!);
    else groups.set(label, [faceIds[row]!]);
  });
  // A map keeps the order of first rows, and sorting is stable.
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
