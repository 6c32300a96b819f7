import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import type { EncoderKey } from '../contract/ids.ts';
import type { ScanProgress } from '../contract/results.ts';
import type { KnownCrop, KnownFace } from '../contract/vision.ts';
import type { BacklogPhoto } from '../library/backlog.ts';
import type { FolderId } from '../library/files.ts';
import type { Library } from '../library/open.ts';
import { inOrder } from './in-order.ts';
import { Meter } from './meter.ts';

/** What this needs of the vision processes. */
export interface EmbeddingPool {
  /**
   * New embeddings of known faces, in order; nothing is detected.
   * @throws UnreadablePhoto, `vanished` too where the file holds another photo than `hash` says
   */
  embed(
    photo: { path: string; hash: string; faces: KnownFace[] },
    options?: { signal?: AbortSignal },
  ): Promise<Float32Array[]>;
  /** The same from the faces' crops. `width`, `height`: pixels of the upright photo; `path` only names it. */
  embedCrops(
    photo: { path: string; width: number; height: number; faces: KnownCrop[] },
    options?: { signal?: AbortSignal },
  ): Promise<Float32Array[]>;
}

export interface ReembedOptions {
  library: Library;
  /** Called once there is something to do. */
  pool: () => EmbeddingPool;
  /** Processes in the pool; twice as many photos are in flight. */
  poolSize: number;
  /** The encoder whose vectors are wanted. Other weights under one id are another encoder. */
  encoder: EncoderKey;
  /** The folder whose files were just seen: its photos are sought there first. */
  folder: FolderId;
  signal?: AbortSignal | undefined;
  /** Awaited before each photo is begun, so that the work can be paused. */
  gate?: (() => Promise<void>) | undefined;
  onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/** New vectors, and what they were made from. */
interface Embedded {
  vectors: Float32Array[];
  from: 'photo' | 'crops';
}

/**
 * Gives every face of the library, in all folders, a vector of one encoder. Nothing is detected: faces keep their ids,
 * boxes and groups. Former vectors stay, so that grouping goes on by the former encoder until this is done.
 *
 * A photo of which no file can be read (a disk that is not connected, say) is embedded from the crops of its faces,
 * which have a little less detail (FaceNet, 22 faces: cosine to the photo's vector 0.984 or more), and from the photo
 * itself once a scan finds its file again. A face without a crop stays without a vector, thus in no group, and is tried
 * again the next time.
 *
 * Each photo is one transaction: work that is stopped at any moment, and run again, goes on where it stopped.
 *
 * @throws KithError cancelled (what was done stays done), vision-broken, model-missing, and the library's errors
 */
export async function reembed(options: ReembedOptions): Promise<void> {
  const { library, encoder, folder, poolSize } = options;
  const backlog = library.backlog.photos(encoder, folder);
  if (backlog.length === 0) return;
  const meter = new Meter(backlog.length, 0);
  options.onProgress?.(meter.report());

  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const work = async (id: (typeof backlog)[number]) => {
    await options.gate?.();
    signal.throwIfAborted();
    const photo = library.backlog.photo(id, folder);
    return { photo, embedded: await embed(photo, options, signal) };
  };
  try {
    const limits = { flying: poolSize * 2, ahead: poolSize * 4, signal };
    for await (const { result } of inOrder(backlog, work, limits)) {
      const { photo, embedded } = result;
      if (embedded) library.backlog.record(photo, embedded.vectors, encoder, embedded.from);
      meter.count(photo.paths[0] ?? '', embedded ? photo.faces.length : 0);
      options.onProgress?.(meter.report());
    }
  } catch (error) {
    throw options.signal?.aborted ? cancelled() : error;
  } finally {
    stop.abort();
  }
  if (options.signal?.aborted) throw cancelled();
}

/** Null where there is neither a photo nor crops. */
async function embed(
  photo: BacklogPhoto,
  { library, pool }: ReembedOptions,
  signal: AbortSignal,
): Promise<Embedded | null> {
  const { hash, faces, paths } = photo;
  if (faces.length === 0) return { vectors: [], from: 'photo' };
  for (const path of paths) {
    const vectors = await readable(pool().embed({ path, hash, faces }, { signal }));
    if (vectors) return { vectors, from: 'photo' };
  }
  const crops = withCrops(photo, library);
  if (!crops) return null;
  const { width, height } = photo;
  const lost = { path: paths[0] ?? hash, width, height, faces: crops };
  const vectors = await readable(pool().embedCrops(lost, { signal }));
  return vectors && { vectors, from: 'crops' };
}

/** The photo's faces, each with its crop; null where one is missing. */
function withCrops({ faces }: BacklogPhoto, library: Library): KnownCrop[] | null {
  const crops = library.faces.crops(faces.map(({ id }) => id));
  if (crops.length < faces.length) return null;
  return faces.map((face, i) => ({ ...face, crop: new Uint8Array(crops[i]!.jpeg) }));
}

async function readable<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UnreadablePhoto) return null;
    throw error;
  }
}

function cancelled(): KithError {
  return new KithError('cancelled', 'giving the faces of the library to another encoder');
}
