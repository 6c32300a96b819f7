import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import type { PhotoId } from '../contract/ids.ts';
import type { PassedOver, ScanProgress } from '../contract/results.ts';
import type { FolderId, OpenFile } from '../library/files.ts';
import type { Library } from '../library/open.ts';
import type { AnalysedBy } from '../library/photos.ts';
import { inOrder } from './in-order.ts';
import { type AnalysisPool, Look, type LookResult } from './look.ts';
import { Meter } from './meter.ts';
import { realFolder, type WalkedFile, walk } from './walk.ts';

export interface ScanOptions {
  library: Library;
  /** Called once a file has to be opened, so that a folder where nothing changed starts no process. */
  pool: () => AnalysisPool;
  /** Processes in the pool; twice as many photos are in flight. */
  poolSize: number;
  folder: string;
  setup: AnalysedBy;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ScanProgress) => void) | undefined;
  /** Awaited before each file is opened, so that the scan can be paused. */
  gate?: (() => Promise<void>) | undefined;
  /** Called for each photo that is new to the record, or was analysed anew. */
  onPhoto?: ((photo: PhotoId) => void) | undefined;
}

export interface ScanOutcome {
  folder: FolderId;
  passedOver: PassedOver[];
}

/** How many photos may be done and wait for an earlier one, for each that is in flight. Chosen by hand. */
const WAITING_PER_FLIGHT = 8;

/**
 * Brings the record of a folder up to date: new and changed files are opened, the rest is left alone. Photos whose
 * faces are known already are not analysed again for another encoder: see reembed.ts.
 *
 * Photos are analysed side by side but recorded in the order of the walk, one transaction each. So a scan that was
 * killed and begun again ends with the same rows, ids included, as one that was not.
 *
 * @throws KithError folder-missing, folder-is-a-file, folder-unreadable, cancelled (what was done stays done),
 *   vision-broken and the errors of the library
 */
export async function scan(options: ScanOptions): Promise<ScanOutcome> {
  const { library, setup, poolSize } = options;
  const root = await realFolder(options.folder);
  const seen: WalkedFile[] = [];
  const passedOver: PassedOver[] = [];
  for await (const file of walk(root, (where) => passedOver.push(where))) {
    refuseIfCancelled(options);
    seen.push(file);
  }
  const folder = library.files.folder(root);
  // An export holds no photos, even where an earlier scan took files of it for photos.
  const unknown = passedOver.filter(({ reason }) => reason !== 'export');
  const unseen = unknown.map(({ path }) => (path === '' ? '' : `${path}/`));
  const open = library.files.reconcile(folder, seen, unseen, setup.detector);
  const meter = new Meter(seen.length, seen.length - open.length);
  options.onProgress?.(meter.report());
  if (open.length === 0) return { folder, passedOver };

  // Ends the photos in flight when the scan ends early, for any reason.
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const look = new Look({ ...options, root, signal, open });
  const results = inOrder(open, (file) => afterGate(() => look.at(file), options, signal), {
    flying: poolSize * 2,
    ahead: poolSize * 2 * WAITING_PER_FLIGHT,
    signal,
  });
  try {
    for await (const { item, result } of results) {
      const { faces, photo } = record(library, setup, item, result);
      if ('hash' in result) look.forget(result.hash);
      if (photo !== null) options.onPhoto?.(photo);
      meter.count(item.path, faces);
      options.onProgress?.(meter.report());
    }
  } catch (error) {
    throw options.signal?.aborted ? cancelled(options) : error;
  } finally {
    stop.abort();
    await look.settled();
  }
  refuseIfCancelled(options);
  return { folder, passedOver };
}

/** @returns the number of faces that were new to the record, and their photo; null where that was known */
function record(
  library: Library,
  setup: AnalysedBy,
  file: OpenFile,
  result: LookResult,
): { faces: number; photo: PhotoId | null } {
  if (result instanceof UnreadablePhoto) {
    library.files.refuse(file.id, result.code, result.detail);
    return { faces: 0, photo: null };
  }
  if ('photo' in result) {
    library.files.link(file.id, result.photo);
    return { faces: 0, photo: null };
  }
  return library.transaction(() => {
    const known = library.photos.analysed(result.hash, setup.detector);
    const photo = known ?? library.photos.record(result, setup);
    library.photos.setContent(photo, result.hash, result.bytes);
    library.files.link(file.id, photo);
    return known ? { faces: 0, photo: null } : { faces: result.faces.length, photo };
  });
}

/** Waits at the gate, then checks whether the scan has ended meanwhile. */
async function afterGate<T>(work: () => Promise<T>, { gate }: ScanOptions, signal: AbortSignal): Promise<T> {
  await gate?.();
  signal.throwIfAborted();
  return work();
}

function refuseIfCancelled(options: ScanOptions): void {
  if (options.signal?.aborted) throw cancelled(options);
}

function cancelled(options: ScanOptions): KithError {
  return new KithError('cancelled', options.folder);
}
