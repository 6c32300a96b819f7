import { KithError } from '../electron/contract/errors.ts';
import {
  CompositeId,
  type EncoderId,
  type EncoderKey,
  encoderOf,
  NetworkId,
  networksOf,
} from '../electron/contract/ids.ts';
import { catalog, titleOf } from './catalog.ts';
import { sha256 } from './hash.ts';
import { type ImportNote, readNote } from './import-note.ts';
import { catalogJoin, type Join, ownJoin } from './joins.ts';
import type { EncoderShape } from './model.ts';
import { placeOf, type Store } from './store.ts';

/**
 * The key of an encoder with the weights that are installed for it. Nothing is hashed here: the note beside imported
 * weights has their hash, and it is checked when they are loaded.
 *
 * Weights that gave the known embedding for the golden picture count as the published ones, wherever they came from, and
 * have no hash in their key. An encoder that is not installed has none either, since it embeds nothing. A composite
 * encoder's key has one where one of its networks' has, or where the user has joined them.
 */
export async function encoderKey(id: EncoderId, store: Store): Promise<EncoderKey> {
  const network = NetworkId.safeParse(id).data;
  if (network !== undefined) return networkKey(network, store);
  const composite = CompositeId.parse(id);
  const { weights, join, isCatalogs } = await joinOf(composite, store);
  return isCatalogs ? composite : `${composite}@${hashOf(weights + (join?.text ?? ''))}`;
}

async function networkKey<Id extends NetworkId>(id: Id, store: Store): Promise<Id | `${Id}@${string}`> {
  const path = catalog[id].sha256 === null ? await placeOf(id, store.folders) : null;
  const note = path === null ? null : await readNote(path);
  return note === null || note.golden === 'same' ? id : `${id}@${weightsOf(note)}`;
}

/** Names weights together with how faces are cut out for them: another crop gives other vectors. */
function weightsOf({ sha256: file, encoder }: ImportNote): string {
  return encoder === undefined ? file : hashOf(file + JSON.stringify(encoder));
}

const hashOf = (text: string) => sha256(new TextEncoder().encode(text));

/**
 * How the networks of a composite encoder are joined with the weights that are installed: as the catalog says, where it
 * knows both; else as the user has joined them.
 *
 * @returns `join`: null where nobody has; `weights`: names the weights of both, and the file of the user's own join;
 *   `isKnown`: whether Kith knows both networks' weights
 */
export async function joinOf(id: CompositeId, store: Store) {
  const networks = networksOf(id);
  const keys = await Promise.all(networks.map((network) => networkKey(network, store)));
  const weights = hashOf(keys.join('+'));
  const isKnown = keys.every((key, at) => key === networks[at]);
  const catalogs = isKnown ? catalogJoin(id) : null;
  const join = catalogs ?? ownJoin(id, weights, store.folders);
  return { join, weights, isKnown, isCatalogs: catalogs !== null };
}

/** An encoder's networks in order, and how their embeddings are joined; null for one network. */
export interface FoundEncoder {
  networks: { path: string; shape: EncoderShape }[];
  join: Join | null;
}

/**
 * Finds an encoder with exactly the weights of the key, and checks their hashes.
 *
 * @throws KithError `model-missing`, also for two networks that nobody has joined; `model-damaged`, also where other
 *   weights are installed meanwhile
 */
export async function findEncoder(key: EncoderKey, store: Store): Promise<FoundEncoder> {
  const { id } = encoderOf(key);
  const networks = await Promise.all(networksOf(id).map((network) => findNetwork(network, store)));
  if ((await encoderKey(id, store)) !== key) {
    throw new KithError(
      'model-damaged',
      `${titleOf(id)} (${networks.map(({ path }) => path).join(', ')}) was replaced by other weights while Kith was at work; run it again`,
    );
  }
  const composite = CompositeId.safeParse(id).data;
  if (composite === undefined) return { networks, join: null };
  return { networks, join: await requireJoin(composite, store) };
}

/** How two networks are joined. @throws KithError `model-missing` where nobody has joined them */
export async function requireJoin(id: CompositeId, store: Store): Promise<Join> {
  const { join } = await joinOf(id, store);
  if (join) return join.join;
  throw new KithError(
    'model-missing',
    `Nobody has measured yet how ${titleOf(id)} go together; run "npm run eval -- join yunet/${id}" (CONTRIBUTING.md says how), or choose one of them`,
  );
}

async function findNetwork(id: NetworkId, store: Store): Promise<{ path: string; shape: EncoderShape }> {
  const model = catalog[id];
  const path = await store.find(id);
  if ('shape' in model) return { path, shape: model.shape };
  const shape = (await readNote(path))?.encoder;
  if (shape) return { path, shape };
  throw new KithError(
    'model-damaged',
    `The note of the import of ${path} does not say how it wants its faces; import it again`,
  );
}
