import { basename } from 'node:path';
import { Dataset, File, Group, ready } from 'h5wasm/node';
import { KithError } from '../../electron/contract/errors.ts';
import type { Weight } from './onnx.ts';

/** A tensor of an open file, not read yet. */
export interface StoredWeight {
  /** As Keras calls it: `Conv2d_1a_3x3/kernel:0`. */
  name: string;
  shape: readonly number[];
  read(): Weight;
}

/** An open `.h5` of Keras. */
export interface KerasFile {
  /** What to call it in errors: the file's name. */
  file: string;
  /** The JSON inside a whole-model file; null in a file of weights. */
  description: string | null;
  /** Weights by layer, in Keras's order; layers without weights are left out. */
  layers: ReadonlyMap<string, readonly StoredWeight[]>;
}

/** The largest tensor of FaceNet has two million numbers; a whole file of 1 GB has 268 million. */
const mostNumbers = 2 ** 28;

/**
 * Opens a file that Keras 2 wrote with `save` or `save_weights`, and closes it when `use` is done. Tensors are
 * read one by one, when asked for, so that the file is never in memory as a whole.
 *
 * Format: keras/saving/hdf5_format.py, `load_weights_from_hdf5_group`.
 *
 * @throws KithError `model-damaged` when it is cut short or no HDF5, `model-unsupported` when it is HDF5 of
 * another kind; both name the file
 */
export async function withKerasFile<T>(path: string, use: (file: KerasFile) => T): Promise<T> {
  const file = basename(path);
  const hdf5 = await ready;
  // Without it the library prints its errors to stderr and goes on with wrong data.
  hdf5.activate_throwing_error_handler();
  let open: File | undefined;
  try {
    open = new File(path, 'r');
    const root = lookUp(open, 'model_weights') ?? open;
    if (!(root instanceof Group)) throw unsupported(file, '"model_weights" is no group');
    return use({
      file,
      description: readText(open, 'model_config'),
      layers: readLayers(root, file),
    });
  } catch (error) {
    if (error instanceof KithError) throw error;
    throw new KithError('model-damaged', `${file} can't be read as HDF5: ${innermost(error)}`, {
      cause: error,
    });
  } finally {
    open?.close();
  }
}

function readLayers(root: Group, file: string): Map<string, StoredWeight[]> {
  const names = readNames(root, 'layer_names');
  if (!names) {
    const keras3 = lookUp(root, '_layer_checkpoint_dependencies') ?? lookUp(root, 'layers');
    throw unsupported(
      file,
      keras3
        ? 'these weights were written by Keras 3; save them with Keras 2 (model.save_weights("weights.h5"))'
        : 'expected the weights of a Keras model (an attribute "layer_names") but found none',
    );
  }
  const layers = new Map<string, StoredWeight[]>();
  for (const name of names) {
    const group = lookUp(root, name);
    if (!(group instanceof Group)) throw damaged(file, `layer "${name}" is listed but missing`);
    const weights = readNames(group, 'weight_names') ?? [];
    if (weights.length > 0)
      layers.set(
        name,
        weights.map((weight) => stored(group, weight, name, file)),
      );
  }
  return layers;
}

function stored(group: Group, name: string, layer: string, file: string): StoredWeight {
  const dataset = lookUp(group, name);
  if (!(dataset instanceof Dataset))
    throw damaged(file, `"${name}" of layer "${layer}" is listed but missing`);
  const { shape, virtual_sources: elsewhere } = dataset.metadata;
  if (!shape || elsewhere?.length)
    throw unsupported(file, `"${name}" of layer "${layer}" is no plain tensor`);
  const size = shape.reduce((product, side) => product * side, 1);
  if (size > mostNumbers) throw unsupported(file, `"${name}" of layer "${layer}" has ${size} numbers`);
  return {
    name,
    shape,
    read: () => {
      const data = dataset.value;
      if (data instanceof Float32Array) return { shape, data };
      if (data instanceof Float64Array) return { shape, data: Float32Array.from(data) };
      throw unsupported(
        file,
        `"${name}" of layer "${layer}" holds "${dataset.dtype}" instead of 32-bit floats`,
      );
    },
  };
}

/** What lies at `name` in this very file; null for nothing, and for links into other files, which are not followed. */
function lookUp(group: Group, name: string): Dataset | Group | null {
  const found = group.get(name);
  if (!(found instanceof Dataset || found instanceof Group)) return null;
  const steps = found.path.split('/').filter(Boolean);
  const leadsOut = steps.some((_, i) => {
    const { filename }: { filename?: string } = group.get_external_link(
      `/${steps.slice(0, i + 1).join('/')}`,
    );
    return filename !== undefined;
  });
  return leadsOut ? null : found;
}

/** A list of names; Keras cuts a long one into `name0`, `name1`, … since HDF5 limits an attribute to 64 KB. */
function readNames(group: Group, name: string): string[] | null {
  const { attrs } = group;
  if (attrs[name]) return strings(attrs[name].value);
  if (!attrs[`${name}0`]) return null;
  const parts: string[] = [];
  for (let i = 0; attrs[`${name}${i}`]; i++) parts.push(...strings(attrs[`${name}${i}`]!.value));
  return parts;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function readText(group: Group, name: string): string | null {
  const value = group.attrs[name]?.value;
  return typeof value === 'string' ? value : null;
}

/** HDF5 reports a stack of errors; its last line but two says what was wrong. */
function innermost(error: unknown): string {
  const { message } = error as Error;
  const lines = message.split('\n').filter((line) => /^\s*#\d+:/.test(line));
  return lines.at(-1)?.replace(/^.*?\(\): /, '') ?? message;
}

const damaged = (file: string, why: string) => new KithError('model-damaged', `${file}: ${why}`);
const unsupported = (file: string, why: string) => new KithError('model-unsupported', `${file}: ${why}`);
