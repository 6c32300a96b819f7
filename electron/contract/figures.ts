// What the page needs of the contract while it runs. None of it comes with zod, which checks requests: that would be a
// tenth of the page, and evaluating it holds the first frame up by 10 ms. `test/browser/start.test.ts` looks for it.

/** Longest list that one request gives. */
export const LONGEST_LIST = 500;

/** Most photos that a query lists one by one. Chosen by hand: they stand in the page's address, 30 kB then. */
export const MOST_PHOTOS = 5000;

/** Sides of a photo in the grid of all photos, in pixels. Chosen by hand: at the least, many photos
 * fit on a screen; at the most, faces in a group can be told apart. */
export const TILE_SIDES = { least: 96, most: 260 };

/** Longest side of the small picture of a photo that the record keeps, in pixels. */
export const THUMBNAIL_SIDE = 320;

/** What one person may be to another, in the order in which a screen shows them. */
export const RELATION_KINDS = ['parent', 'child', 'partner', 'sibling'] as const;

/** Whether an atom of a search is true of a photo because of who is on it, by name or by relation. */
export const isOfPeople = ({ kind }: { kind: string }): boolean => kind === 'person' || kind === 'related';
