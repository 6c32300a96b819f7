import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { KithError } from '../electron/contract/errors.ts';

/** Bytes that are read at once: after each the reader may be cancelled. */
const CHUNK = 4 * 1024 ** 2;

/**
 * Opens a plain file for reading. A pipe would wait for ever for a writer, and a device never ends.
 *
 * @throws KithError `model-unsupported` for what is no plain file; `file-missing`; `model-damaged` where it can't be read
 */
export async function withPlainFile<T>(
  path: string,
  work: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  try {
    requirePlain(path, await stat(path));
    // Opened without blocking, since the file may have been replaced by a pipe meanwhile.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      requirePlain(path, found);
      return await work(file, found.size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof KithError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new KithError('file-missing', path, { cause });
    throw new KithError('model-damaged', `${path} can't be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * All of a plain file: as many bytes as it has when it is opened, also where it grows meanwhile.
 *
 * @throws KithError as {@link withPlainFile}; `cancelled`
 */
export function readPlainFile(path: string, signal?: AbortSignal): Promise<Buffer> {
  return withPlainFile(path, async (file, size) => {
    const bytes = Buffer.allocUnsafe(size);
    for (let at = 0; at < size; ) {
      requireWanted(signal, path);
      const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK, size - at), at);
      if (bytesRead === 0) throw new KithError('model-damaged', `${path} became shorter while it was read`);
      at += bytesRead;
    }
    return bytes;
  });
}

/** @throws KithError `cancelled` once the signal is aborted */
export function requireWanted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new KithError('cancelled', what);
}

function requirePlain(path: string, found: { isFile(): boolean }): void {
  if (!found.isFile()) throw new KithError('model-unsupported', `${path} is no file`);
}
