import { KithError } from '../electron/contract/errors.ts';
import { type EncoderId, type EncoderKey, encoderOf } from '../electron/contract/ids.ts';
import { catalog } from './catalog.ts';
import { sha256 } from './hash.ts';
import { type ImportNote, readNote } from './import-note.ts';
import type { EncoderShape } from './model.ts';
import { placeOf, type Store } from './store.ts';

/**
 * The key of an encoder with the weights that are installed for it. Nothing is hashed here: the note beside imported
 * weights has their hash, and it is checked when they are loaded.
 *
 * Weights that gave the known embedding for the golden picture count as the published ones, wherever they came from, and
 * have no hash in their key. An encoder that is not installed has none either, since it embeds nothing.
 */
export async function encoderKey(id: EncoderId, store: Store): Promise<EncoderKey> {
  const path = catalog[id].sha256 === null ? await placeOf(id, store.folders) : null;
  const note = path === null ? null : await readNote(path);
  return note === null || note.golden === 'same' ? id : `${id}@${weightsOf(note)}`;
}

/** Names weights together with how faces are cut out for them: another crop gives other vectors. */
function weightsOf({ sha256: file, encoder }: ImportNote): string {
  return encoder === undefined ? file : sha256(new TextEncoder().encode(file + JSON.stringify(encoder)));
}

/**
 * Finds an encoder with exactly the weights of the key, and checks their hash.
 *
 * @throws KithError `model-missing`, `model-damaged`; the latter too where other weights are installed meanwhile
 */
export async function findEncoder(
  key: EncoderKey,
  store: Store,
): Promise<{ path: string; shape: EncoderShape }> {
  const { id } = encoderOf(key);
  const model = catalog[id];
  const path = await store.find(id);
  if ((await encoderKey(id, store)) !== key) {
    throw new KithError(
      'model-damaged',
      `${model.title} (${path}) was replaced by other weights while Kith was at work; run it again`,
    );
  }
  if ('shape' in model) return { path, shape: model.shape };
  const shape = (await readNote(path))?.encoder;
  if (shape) return { path, shape };
  throw new KithError(
    'model-damaged',
    `The note of the import of ${path} does not say how it wants its faces; import it again`,
  );
}
