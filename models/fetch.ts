import { rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { catalog, type ModelId } from './catalog.ts';
import { type DownloadOptions, download } from './download.ts';
import type { Imported } from './import.ts';
import { chosenFolder } from './store.ts';

/** What the user should know before they agree to a download. */
export interface FetchPlan {
  id: ModelId;
  title: string;
  licence: string;
  address: string;
  /** Bytes to download; about as many where the model is made from what comes. */
  bytes: number;
  exact: boolean;
  /** Path of the file that the model is installed as. */
  path: string;
}

export interface FetchOptions
  extends Pick<DownloadOptions, 'signal' | 'onProgress' | 'onRetry' | 'patience'> {
  /** Another address than the catalog's: the hash and the golden check are what counts. */
  address?: string;
  /** Another folder than the one that the user chose. */
  folder?: string;
  /** Called when the download is done and is now made into the model. */
  onConvert?: () => void;
  /** What makes it into the model; `importModel`, which takes a second of this thread, when left out. */
  importer?: Importer;
}

/** Converts the weights that a model is published as, tries them out and installs them. @throws KithError as importModel */
export type Importer = (
  weights: string,
  options: { folder: string; published: ModelId; signal?: AbortSignal | undefined },
) => Promise<Pick<Imported, 'golden'>>;

export interface Fetched {
  id: ModelId;
  path: string;
  /** Whether the golden check was made; null where no golden embedding is known, or where the hash is enough. */
  golden: 'same' | null;
}

/**
 * Says what a download would be, without the network. `KITH_MODELS_MIRROR` is the base address of a mirror that
 * holds all files side by side under the names that they have where they are published.
 *
 * @throws KithError `bad-request` for a model that has no public address
 */
export function planFetch(id: ModelId, { address, folder }: FetchOptions = {}): FetchPlan {
  const { title, licence, source, sha256, file, ...made } = catalog[id];
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
    bytes: source.published?.bytes ?? made.bytes,
    exact: sha256 !== null || source.published !== undefined,
    path: join(folder ?? chosenFolder(), file),
  };
}

/**
 * Downloads an optional model to the user's folder, because the user asked for it by name; Kith never calls this by
 * itself. Weights that are published for another program are converted. On failure nothing is installed, and what was installed
 * before stays. The bytes of a download that was cut off are kept for the next one.
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

const importHere: Importer = async (weights, options) => {
  // Loaded on use: some downloads are models already.
  const { importModel } = await import('./import.ts');
  return importModel([weights], options);
};

async function fetchWeights(
  id: ModelId,
  address: string,
  path: string,
  options: FetchOptions,
): Promise<Fetched> {
  const weights = weightsPath(address, path);
  const { source } = catalog[id];
  const published = source.kind === 'web' ? source.published : undefined;
  try {
    // They are there already where the disk was full on an earlier try.
    if (!(await stat(weights).catch(() => null)))
      await download(address, weights, { ...options, ...published });
    options.onConvert?.();
    const { importer = importHere, signal } = options;
    const { golden } = await importer(weights, { folder: dirname(path), published: id, signal });
    await rm(weights, { force: true });
    return { id, path, golden: golden === 'same' ? golden : null };
  } catch (error) {
    const code = error instanceof KithError ? error.code : null;
    // The weights are removed: another download of the same file would be no better, and they take 95 MB.
    if (code === 'model-damaged' || code === 'model-unsupported') await rm(weights, { force: true });
    throw error;
  } finally {
    // Succeeds only where the folder is empty.
    await rmdir(dirname(weights)).catch(() => {});
  }
}
