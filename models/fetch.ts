import { rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { catalog, type ModelId } from './catalog.ts';
import { type DownloadOptions, download } from './download.ts';
import { chosenFolder } from './store.ts';

/** What a person should know before they say yes. */
export interface FetchPlan {
  id: ModelId;
  title: string;
  licence: string;
  address: string;
  /** Bytes to download; about as many where the model is made from what comes. */
  bytes: number;
  exact: boolean;
  /** Where the model is put. */
  path: string;
}

export interface FetchOptions
  extends Pick<DownloadOptions, 'signal' | 'onProgress' | 'onRetry' | 'patience'> {
  /** Another address than the catalog's: the hash and the golden check are what counts. */
  address?: string;
  /** Another folder than the one that people chose. */
  folder?: string;
  /** Told when all has come, and is made into the model now. */
  onConvert?: () => void;
}

export interface Fetched {
  id: ModelId;
  path: string;
  /** Whether the golden check was made; null where no golden embedding is known, or the hash says it all. */
  golden: 'same' | null;
}

/**
 * Says what a download would be, without the network. `KITH_MODELS_MIRROR` is the base address of a mirror that
 * holds all files side by side under the names that they have where they are published.
 *
 * @throws KithError `bad-request` for a model that has no public address
 */
export function planFetch(id: ModelId, { address, folder }: FetchOptions = {}): FetchPlan {
  const { title, licence, bytes, source, sha256, file } = catalog[id];
  if (source.kind !== 'web') {
    const how =
      source.kind === 'npm'
        ? 'Kith makes it when it needs it'
        : '"kith models import" takes it from your file';
    throw new KithError('bad-request', `${title} has no public address: ${how}`);
  }
  const mirror = process.env.KITH_MODELS_MIRROR;
  const published = mirror
    ? `${mirror.replace(/\/+$/, '')}/${basename(new URL(source.address).pathname)}`
    : source.address;
  return {
    id,
    title,
    licence,
    address: address ?? published,
    bytes,
    exact: sha256 !== null,
    path: join(folder ?? chosenFolder(), file),
  };
}

/**
 * Downloads an optional model to the user's folder, because a person asked for it by name; Kith never calls
 * this of its own accord. What is published as Keras's weights is converted. On failure nothing is installed,
 * and what was installed before is left; what has come of a download that broke off is kept for the next.
 *
 * @throws KithError `download-failed` when it can't be had, `model-damaged` or `model-unsupported` when it is
 * another file, `cancelled`, `disk-full`, `output-unwritable`
 */
export async function fetchModel(id: ModelId, options: FetchOptions = {}): Promise<Fetched> {
  const { address, path } = planFetch(id, options);
  const { sha256, bytes } = catalog[id];
  try {
    if (sha256 === null) return await fetchWeights(id, address, path, options);
    await download(address, path, { ...options, sha256, bytes });
    return { id, path, golden: null };
  } catch (error) {
    if (!(error instanceof KithError) || error.code !== 'download-failed') throw error;
    const advice =
      'download it elsewhere and run "kith models import" with it, or name a mirror in KITH_MODELS_MIRROR';
    throw new KithError(error.code, `${error.detail}; ${advice}`, { cause: error });
  }
}

/** Where weights lie until they are converted, under the name that they were published by. */
export const downloadsFolder = (models: string) => join(models, 'downloads');
export const weightsPath = (address: string, model: string) =>
  join(downloadsFolder(dirname(model)), basename(new URL(address).pathname));

async function fetchWeights(
  id: ModelId,
  address: string,
  path: string,
  options: FetchOptions,
): Promise<Fetched> {
  const weights = weightsPath(address, path);
  try {
    // They are there already when the disk was full before.
    if (!(await stat(weights).catch(() => null))) await download(address, weights, options);
    options.onConvert?.();
    // Loaded when needed: most downloads are of ONNX itself.
    const { importModel } = await import('./import.ts');
    const { golden } = await importModel([weights], {
      folder: dirname(path),
      published: id,
      signal: options.signal,
    });
    await rm(weights, { force: true });
    return { id, path, golden: golden === 'same' ? golden : null };
  } catch (error) {
    const code = error instanceof KithError ? error.code : null;
    // Another download of the same file would be no better, and 95 MB are a lot to leave behind.
    if (code === 'model-damaged' || code === 'model-unsupported') await rm(weights, { force: true });
    throw error;
  } finally {
    // Only where it is empty.
    await rmdir(dirname(weights)).catch(() => {});
  }
}
