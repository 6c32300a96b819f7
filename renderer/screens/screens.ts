import type { Component } from 'svelte';

/** A screen, told the number that stands behind its word; some are of the one thing that has it. */
export type Screen = Component<{ id: number | null }>;

/** Each is a part of the program of its own, so that the first one is there without waiting for the others. */
const loads: Record<string, () => Promise<{ default: Component }>> = {
  welcome: () => import('./Welcome.svelte'),
  people: () => import('./People.svelte'),
  photos: () => import('./Photos.svelte'),
  unreadable: () => import('./Unreadable.svelte'),
  review: () => import('./Review.svelte'),
  compare: () => import('./Compare.svelte'),
  export: () => import('./Export.svelte'),
  settings: () => import('./Settings.svelte'),
  history: () => import('./History.svelte'),
};

const loadsOfOne: Record<string, () => Promise<{ default: Component<{ id: number }> }>> = {
  person: () => import('./Person.svelte'),
  group: () => import('./Group.svelte'),
  photo: () => import('./Photo.svelte'),
};

/** Those that are here. */
const here = new Map<string, Screen>();

/** Whether there is such a screen. `id`: the number in the address, which some screens can't do without. */
export const isScreen = (name: string, id: number | null): boolean =>
  name in loads || (name in loadsOfOne && id !== null);

/** A screen that is here already. */
export const screenAt = (name: string): Screen | undefined => here.get(name);

/** Fetches a screen, where that was not done. @param name of a screen that there is */
export async function fetchScreen(name: string): Promise<Screen> {
  const { default: screen } = await (loads[name] ?? loadsOfOne[name])!();
  const fetched = screen as Screen;
  here.set(name, fetched);
  return fetched;
}

/** Fetches all the others, one after the other, whenever the page has nothing else to do. */
export function fetchRest(): void {
  const [next] = [...Object.keys(loads), ...Object.keys(loadsOfOne)].filter((name) => !here.has(name));
  if (next !== undefined) requestIdleCallback(() => void fetchScreen(next).then(fetchRest, () => {}));
}
