import { type DetectorId, type NetworkId, networksOf } from '../electron/contract/ids.ts';
import { catalog, type ModelId } from './catalog.ts';
import type { InUse } from './choice.ts';
import type { DownloadProgress } from './download-rate.ts';
import { type Fetched, type FetchOptions, type FetchPlan, fetchModel, planFetch } from './fetch.ts';
import { placeOf, type Store } from './store.ts';

/**
 * The encoder and the detector that recognise best of those that were measured (`npm run eval -- yunet/facenet-512`, see
 * the README). An encoder that nobody has measured is never among them. The larger file comes first: where it can't be had,
 * the smaller one is not installed either, and the bundled models stay in use together.
 */
export const recommended: readonly ('facenet-512' | 'yunet')[] = ['facenet-512', 'yunet'];

/** What is to be downloaded of the recommended models: those that no folder holds. Without the network. */
export async function missingRecommended({ folders }: Store): Promise<FetchPlan[]> {
  const places = await Promise.all(recommended.map((id) => placeOf(id, folders)));
  return recommended.filter((_, i) => places[i] === null).map((id) => planFetch(id));
}

/** Whether the recommended models would only take the place of bundled ones, and not of any that the user brought. */
export function wouldReplaceBundled({ detector, encoder }: InUse): boolean {
  const models = [detector, ...networksOf(encoder)];
  return models.every((id) => isRecommended(id) || isBundled(id));
}

const isRecommended = (id: string) => recommended.some((other) => other === id);
const isBundled = (id: DetectorId | NetworkId) => id === 'haar' || catalog[id satisfies ModelId].bundled;

/**
 * Downloads these models, one after the other, as `fetchModel` does; `onProgress` counts the bytes of all of them. What
 * was installed before a failure stays, and so do the bytes that came of the next one.
 *
 * @throws KithError as `fetchModel` does
 */
export async function fetchAll(plans: readonly FetchPlan[], options: FetchOptions = {}): Promise<Fetched[]> {
  const fetched: Fetched[] = [];
  let before = 0;
  let after = plans.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { id, bytes } of plans) {
    after -= bytes;
    let size = bytes;
    const onProgress = (one: DownloadProgress) => {
      size = one.total ?? Math.max(bytes, one.done);
      const [done, total] = [before + one.done, before + size + after];
      const remaining = one.rate > 0 ? (total - done) / one.rate : null;
      options.onProgress?.({ ...one, done, total, remaining });
    };
    fetched.push(await fetchModel(id, { ...options, onProgress }));
    before += size;
  }
  return fetched;
}
