import type { Component } from 'svelte';
import Compare from './Compare.svelte';
import Export from './Export.svelte';
import Group from './Group.svelte';
import History from './History.svelte';
import People from './People.svelte';
import Person from './Person.svelte';
import Photo from './Photo.svelte';
import Photos from './Photos.svelte';
import Review from './Review.svelte';
import Settings from './Settings.svelte';
import Unreadable from './Unreadable.svelte';
import Welcome from './Welcome.svelte';

/** Screens by the first word of their address. */
export const screens: Record<string, Component> = {
  welcome: Welcome,
  people: People,
  photos: Photos,
  unreadable: Unreadable,
  review: Review,
  compare: Compare,
  export: Export,
  settings: Settings,
  history: History,
};

/** Screens of one thing each, whose number stands behind that word. */
export const screensOfOne: Record<string, Component<{ id: number }>> = {
  person: Person,
  group: Group,
  photo: Photo,
};
