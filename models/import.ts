import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { catalog, type ModelId } from './catalog.ts';
import { inceptionResnetV1 } from './convert/inception-resnet-v1.ts';
import { type Ends, kerasToOnnx } from './convert/keras.ts';
import { type KerasFile, withKerasFile } from './convert/keras-h5.ts';
import { type KerasModel, parseKerasModel } from './convert/keras-model.ts';
import { writeWhole } from './files.ts';
import { sha256, sha256OfFile } from './hash.ts';
import { type FileKind, kindOf, readText } from './import-files.ts';
import { goldenCheck } from './import-golden.ts';
import { installKnown, knownModel, publishedAs } from './import-known.ts';
import { type ImportNote, notePath, readNote, writeNote } from './import-note.ts';
import { type OnnxEncoder, type OnnxHints, readOnnxEncoder } from './import-onnx.ts';
import { encoders } from './known-encoders.ts';
import type { EncoderShape } from './model.ts';
import { sweepParts } from './parts.ts';
import { readPlainFile, requireWanted } from './read-file.ts';
import { chosenFolder } from './store.ts';

/** What the user may add: the steps in front of the network where the catalog's are wrong for it; more for ONNX. */
export interface ImportOptions extends Omit<OnnxHints, 'known'> {
  /** Where the model is installed; by default the folder that the user chose. */
  folder?: string;
  /** Ends the import between two of its steps; nothing is installed then. */
  signal?: AbortSignal | undefined;
  /** The model that the files were published as. Another model, or other weights, count as damaged then. */
  published?: ModelId;
}

export interface Imported {
  id: ModelId;
  /** Of the installed file. */
  path: string;
  /**
   * Whether the golden picture gave the embedding that the published weights give; null where none is known, or where the
   * file's hash is enough. 'other' is no failure: users may bring weights of their own.
   */
  golden: 'same' | 'other' | null;
}

/**
 * Installs an encoder from the user's own files: Keras's `model.json` with its `.h5`, a whole-model `.h5`, FaceNet's
 * bare weights as DeepFace publishes them, or any encoder as ONNX. It is converted, run once, and only then written,
 * whole. A file whose hash the catalog knows is installed as it is, as that model, under any name.
 *
 * @param files paths, in any order
 * @throws KithError `bad-request` for a set of files that makes no model; `model-unsupported`, `model-damaged` or
 * `file-missing`, naming the file and the layer; `disk-full` or `output-unwritable`; `cancelled`. Nothing is installed then.
 */
export async function importModel(files: readonly string[], options: ImportOptions = {}): Promise<Imported> {
  const { folder = chosenFolder(), signal } = options;
  await sweepParts(folder);
  const known = files.length === 1 ? await knownModel(files[0]!, signal) : null;
  if (known) return { id: known.id, path: await installKnown(known.id, known.bytes, folder), golden: null };
  const { json, hdf5, onnx } = await sort(files);
  const main = onnx ?? hdf5!;
  const { id, network, shape } = onnx ? await wrap(onnx, options) : await convertKeras(hdf5!, json, options);
  const { side, size } = shape;
  const knownAs = id === 'custom' ? null : (encoders[id].golden ?? null);
  requireWanted(signal, basename(main));
  const golden = await goldenCheck(network, { side, size, known: knownAs, file: basename(main) });
  if (options.published !== undefined && (id !== options.published || golden === 'other')) {
    const { title } = catalog[options.published];
    const why = id === options.published ? 'it gives other embeddings' : `it is ${catalog[id].title}`;
    throw new KithError('model-damaged', `${basename(main)} is not ${title} as it was published: ${why}`);
  }
  requireWanted(signal, basename(main));
  const path = join(folder, catalog[id].file);
  const sources = json ? [json, main] : [main];
  await install(path, network, { golden, ...(id === 'custom' && { encoder: shape }) }, sources);
  return { id, path, golden };
}

async function wrap(onnx: string, options: ImportOptions): Promise<OnnxEncoder> {
  const bytes = await readPlainFile(onnx, options.signal);
  return readOnnxEncoder(bytes, basename(onnx), { ...options, known: publishedAs(bytes) });
}

type FacenetId = 'facenet-512' | 'facenet-128';

/** A network that takes what Kith gives, and the encoder of the catalog that it is. */
interface Converted {
  id: FacenetId;
  shape: EncoderShape;
  network: Uint8Array;
}

async function convertKeras(
  hdf5: string,
  json: string | undefined,
  options: ImportOptions,
): Promise<Converted> {
  const description = json ? parseKerasModel(await readText(json, options.signal), basename(json)) : null;
  let id: FacenetId | undefined;
  const network = await withKerasFile(hdf5, (weights) =>
    kerasToOnnx(description ?? describe(weights), weights, (found) => {
      id = facenetOf(found, basename(json ?? hdf5));
      return options.normalise ?? catalog[id].normalise!;
    }),
  );
  return { id: id!, shape: catalog[id!].shape, network };
}

async function sort(files: readonly string[]): Promise<Partial<Record<FileKind, string>>> {
  const kinds = await Promise.all(files.map(kindOf));
  const sets = ['hdf5', 'hdf5,json', 'onnx'];
  if (!sets.includes([...kinds].sort().join())) {
    const received = files.map((file) => basename(file)).join(', ') || 'none';
    throw new KithError(
      'bad-request',
      `Expected model.json and its weights (.h5), or one .h5 or .onnx alone, but received ${received}`,
    );
  }
  return Object.fromEntries(files.map((file, i) => [kinds[i]!, file]));
}

/** The model inside a whole-model file; for bare weights, the network that they must belong to. */
function describe(weights: KerasFile): KerasModel {
  if (weights.description !== null) return parseKerasModel(weights.description, weights.file);
  const matrices = [...weights.layers.values()].flat().filter(({ shape }) => shape.length === 2);
  const size = matrices.at(-1)?.shape[1];
  if (size === 128 || size === 512) return inceptionResnetV1(size);
  throw new KithError(
    'model-unsupported',
    `${weights.file} holds weights alone, and not those of FaceNet: no layer gives 128 or 512 numbers; give its model.json too`,
  );
}

function facenetOf({ side, size }: Ends, file: string): FacenetId {
  if (side === 160 && size === 512) return 'facenet-512';
  if (side === 160 && size === 128) return 'facenet-128';
  throw new KithError(
    'model-unsupported',
    `${file} is no FaceNet: expected 160 pixels in and 128 or 512 numbers out but received ${side} and ${size}`,
  );
}

/** Note first: a note without its model is as good as nothing, a model without its note would be a damaged one. */
async function install(
  path: string,
  network: Uint8Array,
  found: Pick<ImportNote, 'golden' | 'encoder'>,
  sources: readonly string[],
): Promise<void> {
  const before = await readNote(path);
  const madeFrom = await Promise.all(
    sources.map(async (source) => ({ file: basename(source), sha256: (await sha256OfFile(source)) ?? '' })),
  );
  await writeNote(path, { kith: 1, sha256: sha256(network), madeFrom, ...found });
  try {
    await writeWhole(path, network);
  } catch (error) {
    // The first error is the one that is thrown.
    await (before ? writeNote(path, before) : rm(notePath(path), { force: true })).catch(() => {});
    throw error;
  }
}
