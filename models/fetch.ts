import { join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { catalog, type ModelId } from './catalog.ts';
import { writeWhole } from './files.ts';
import { sha256 } from './hash.ts';
import { chosenFolder } from './store.ts';

/**
 * Downloads an optional model to the user's folder, because a person asked for it by name; Kith never calls
 * this of its own accord.
 *
 * @param from another address than the catalog's, such as a mirror: the hash is what counts
 * @returns the file's path
 * @throws KithError `model-missing` when it cannot be downloaded, `model-damaged` when it is another file
 */
export async function fetchModel(id: ModelId, from?: string): Promise<string> {
  const { title, file, source, sha256: expected } = catalog[id];
  if (expected === null)
    throw new KithError(
      'bad-request',
      `${title} is made from weights; run "kith models import" with their files`,
    );
  const address = from ?? (source.kind === 'web' ? source.address : undefined);
  if (!address)
    throw new KithError('bad-request', `${title} has no public address; run "npm run models" to make it`);
  const data = await download(address, title);
  const found = sha256(data);
  if (found !== expected) {
    throw new KithError(
      'model-damaged',
      `${address} is not ${file}: expected SHA-256 ${expected} but found ${found}`,
    );
  }
  const path = join(chosenFolder(), file);
  await writeWhole(path, data);
  return path;
}

async function download(address: string, title: string): Promise<Uint8Array> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(60_000) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    const why =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error;
    const advice = `download it elsewhere and put it into ${chosenFolder()}`;
    throw new KithError('model-missing', `Could not fetch ${title} from ${address} (${why}); ${advice}`, {
      cause: error,
    });
  }
}
