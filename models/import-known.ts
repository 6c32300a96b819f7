import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkId } from '../electron/contract/ids.ts';
import { catalog, type ModelId, modelIds } from './catalog.ts';
import { writeWhole } from './files.ts';
import { sha256 } from './hash.ts';
import { encoders } from './known-encoders.ts';
import { readPlainFile } from './read-file.ts';

/**
 * The model of the catalog that a file is, byte for byte and under any name; null when it is none. Only a file that is
 * exactly as long as some model is read.
 *
 * @throws KithError `model-damaged` when it can't be read; `cancelled`
 */
export async function knownModel(
  path: string,
  signal?: AbortSignal,
): Promise<{ id: ModelId; bytes: Uint8Array } | null> {
  const found = await stat(path).catch(() => null);
  const alike = modelIds.filter((id) => catalog[id].sha256 !== null && catalog[id].bytes === found?.size);
  if (!found?.isFile() || alike.length === 0) return null;
  const bytes = await readPlainFile(path, signal);
  const hash = sha256(bytes);
  const id = alike.find((other) => catalog[other].sha256 === hash);
  return id === undefined ? null : { id, bytes };
}

/** Puts such a file where the store looks for it. @returns its path @throws KithError `disk-full`, `output-unwritable` */
export async function installKnown(id: ModelId, bytes: Uint8Array, folder: string): Promise<string> {
  const path = join(folder, catalog[id].file);
  await writeWhole(path, bytes);
  return path;
}

/** The encoder that is made from this very file, wherever it came from; null where the catalog knows no such file. */
export function publishedAs(bytes: Uint8Array): NetworkId | null {
  const alike = (Object.keys(encoders) as NetworkId[]).flatMap((id) => {
    const { source } = encoders[id];
    const published = source.kind === 'web' ? source.published : undefined;
    return published?.bytes === bytes.length ? [{ id, ...published }] : [];
  });
  if (alike.length === 0) return null;
  const hash = sha256(bytes);
  return alike.find((other) => other.sha256 === hash)?.id ?? null;
}
