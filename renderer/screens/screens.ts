import type { Component } from 'svelte';
import { PLACES, type PlaceName, placeList } from '../../electron/contract/places.ts';

/** A screen, told the number that stands behind its word; some are of the one thing that has it. */
export type Screen = Component<{ id: number | null }>;

/** Each is a part of the program of its own, so that the first one is there without waiting for the others. */
const files = import.meta.glob<{ default: Screen }>('./*.svelte');

/** Those that are here. */
const here = new Map<string, Screen>();

/** Whether there is such a screen. `id`: the number in the address, which some screens can't do without. */
export const isScreen = (name: string, id: number | null): name is PlaceName =>
  Object.hasOwn(PLACES, name) && (!('one' in PLACES[name as PlaceName]) || id !== null);

/** A screen that is here already. */
export const screenAt = (name: PlaceName): Screen | undefined => here.get(name);

/** Fetches a screen, where that was not done. */
export async function fetchScreen(name: PlaceName): Promise<Screen> {
  const { default: screen } =
    await files[`./${name.replace(/^./, (first) => first.toUpperCase())}.svelte`]!();
  here.set(name, screen);
  return screen;
}

/** Begins to fetch the screen of an address, or People where the address names none. Fetching it again tells what failed. */
export function fetchAhead({ screen, id }: { screen: string; id: number | null }): void {
  fetchScreen(isScreen(screen, id) ? screen : 'people').catch(() => {});
}

/** Fetches all the others, one after the other, whenever the page has nothing else to do. */
export function fetchRest(): void {
  const next = placeList.find(({ name }) => !here.has(name));
  if (next !== undefined) requestIdleCallback(() => void fetchScreen(next.name).then(fetchRest, () => {}));
}
