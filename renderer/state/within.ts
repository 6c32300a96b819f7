import { getContext, setContext } from 'svelte';
import type { Result } from '../../electron/contract/api.ts';
import type { GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { ask } from '../bridge.ts';

/** Limits next and previous to these photos. A new kind of limit goes here, into `photos.beside`, and into {@link withinOf}. */
export interface Within {
  person?: PersonId;
  group?: GroupId;
}

export type Beside = Result<'photos.beside'>;

const KEY = Symbol('within');

/** To be called by a screen: photos that are opened from it stay among these. */
export const keepPhotosWithin = (within: () => Within) => setContext(KEY, within);

/** To be called while a tile starts: what its screen keeps photos within. */
export const photosWithin = (): (() => Within | undefined) =>
  getContext<(() => Within) | undefined>(KEY) ?? (() => undefined);

/** `{ person: 3 }` → `person=3`, as it stands in the address. */
export const withinText = (within: Within | undefined): string =>
  new URLSearchParams(Object.entries(within ?? {}).map(([name, id]) => [name, String(id)])).toString();

/** What an address says; null: all photos, by date. */
export function withinOf(query: URLSearchParams): Within | null {
  const found = (['person', 'group'] as const).flatMap((name) => {
    const id = Number(query.get(name));
    return Number.isSafeInteger(id) && id > 0 ? [[name, id]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : null;
}

export const besideIn = (within: Within, id: PhotoId): Promise<Beside> =>
  ask('photos.beside', { id, ...within });
