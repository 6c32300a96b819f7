import { basename } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { readPlainFile, withPlainFile } from './read-file.ts';

/** FaceNet's weights have 95 MB, the largest encoders about 250. */
const mostBytes = 2 ** 30;

export type FileKind = 'json' | 'hdf5' | 'onnx';

/**
 * Tells by its first bytes what kind of file it is; reads nothing else.
 *
 * @throws KithError `file-missing`; `model-unsupported` when it is too large or of no kind that Kith reads;
 * `model-damaged` when it is empty. All name the file.
 */
export async function kindOf(path: string): Promise<FileKind> {
  const name = basename(path);
  const { size, start } = await lookInto(path);
  if (size === 0) throw new KithError('model-damaged', `${name} is empty (0 bytes)`);
  if (size > mostBytes) {
    const gigabytes = (size / 1e9).toFixed(1);
    throw new KithError(
      'model-unsupported',
      `${name} has ${gigabytes} GB; Kith takes files of models up to 1 GB`,
    );
  }
  const text = start.toString('latin1');
  if (text.startsWith('\x89HDF\r\n\x1a\n')) return 'hdf5';
  if (/^(\xef\xbb\xbf)?\s*\{/.test(text)) return 'json';
  if (text.startsWith('PK')) {
    throw new KithError(
      'model-unsupported',
      `${name} was written by Keras 3; save it with Keras 2 (model.save("model.h5"))`,
    );
  }
  if (/\.onnx$/i.test(name)) return 'onnx';
  throw new KithError(
    'model-unsupported',
    `${name} is neither a description (model.json) nor weights of Keras (.h5) nor ONNX (.onnx)`,
  );
}

/** Text of a file, without the mark that some editors put in front. */
export async function readText(path: string, signal?: AbortSignal): Promise<string> {
  return (await readPlainFile(path, signal)).toString('utf8').replace(/^\uFEFF/, '');
}

function lookInto(path: string): Promise<{ size: number; start: Buffer }> {
  return withPlainFile(path, async (file, size) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return { size, start: buffer.subarray(0, bytesRead) };
  });
}
