/** A screen of the page, and how one comes to it. */
interface Place {
  /** It is of one person, group or photo, whose number stands behind its name in the address. */
  one?: true;
  /** The place that the bar marks while this one is shown, where that is another. */
  under?: string;
  /**
   * Where a command leads to it: in the bar, in the desktop's menu and in the palette; in the latter two; in the palette.
   * Left out: only links lead to it.
   */
  from?: 'bar' | 'menu' | 'palette';
  /** As wide as the window: it shows photos. */
  wide?: true;
  /** The keys of that command, in tinykeys' words. */
  keys?: string;
}

/**
 * Every screen of the page by its name in the address, in the order in which the page lists them. The component is
 * `renderer/screens/<Name>.svelte`, the title is the sentence `places.<name>`. The page's addresses, its bar, palette
 * and keys, the desktop's menu and the browser tests follow from here.
 */
export const PLACES = {
  people: { from: 'bar', keys: '$mod+1' },
  photos: { from: 'bar', keys: '$mod+2', wide: true },
  review: { from: 'bar', keys: '$mod+3' },
  compare: { from: 'bar', keys: '$mod+4' },
  export: { from: 'palette', keys: '$mod+e' },
  history: { from: 'menu', keys: '$mod+Shift+h' },
  settings: { from: 'palette', keys: '$mod+,' },
  welcome: { from: 'palette', keys: '$mod+o' },
  search: { under: 'photos', wide: true },
  aside: { from: 'palette', under: 'people' },
  unreadable: {},
  alike: { under: 'people', from: 'palette' },
  names: { under: 'people', from: 'palette' },
  person: { one: true, under: 'people' },
  group: { one: true, under: 'people' },
  photo: { one: true, under: 'photos' },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;

/** Screens of one person, group or photo. */
export type PlaceOfOne = {
  [P in PlaceName]: (typeof PLACES)[P] extends { one: true } ? P : never;
}[PlaceName];

/** Screens that a command leads to. */
export type Destination = {
  [P in PlaceName]: (typeof PLACES)[P] extends { from: string } ? P : never;
}[PlaceName];

/** Each screen with its name. */
export const placeList = Object.entries<Place>(PLACES).map(([name, place]) => ({
  ...place,
  name: name as PlaceName,
}));

/** The screens that a command leads to from one of these, in the order of the list. */
export function destinations(
  ...wanted: NonNullable<Place['from']>[]
): { name: Destination; keys: string | undefined }[] {
  return placeList.flatMap(({ name, from, keys }) =>
    from !== undefined && wanted.includes(from) ? [{ name: name as Destination, keys }] : [],
  );
}
