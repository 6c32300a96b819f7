import { faceSource } from '../pictures.ts';

// Pictures that move from where they were to where they are now, so that the eye can follow. Nothing depends on it: where a
// place is out of sight, or somebody wants less motion, things are just where they are.

/** A picture on the screen, and where. */
interface Seen {
  source: string;
  at: DOMRect;
}

/** How long a picture flies, in milliseconds: as `--slow` of the style. */
const TIME = 320;

/** How long the place where it goes may take to appear, in milliseconds. Later a flight would come as a surprise. */
const PATIENCE = 600;

const STILL = window.matchMedia('(prefers-reduced-motion: reduce)');

/** @returns null where nothing of it is in sight */
function seen(image: Element | null | undefined): Seen | null {
  if (!(image instanceof HTMLImageElement) || !image.complete || image.naturalWidth === 0) return null;
  const at = image.getBoundingClientRect();
  return isInSight(at) ? { source: image.currentSrc, at } : null;
}

/**
 * Flies a picture to an element, once that is on the screen.
 *
 * @param find the element; null as long as it is not there
 * @param shows whether the element shows its own picture meanwhile
 */
function fly(from: Seen | null, find: () => Element | null | undefined, shows = false): void {
  if (from === null || STILL.matches) return;
  const until = performance.now() + PATIENCE;
  const look = () => {
    const to = find();
    const at = to?.getBoundingClientRect();
    if (to && at && isInSight(at)) move(from, to, at, shows);
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

function isInSight({ width, top, bottom, left, right }: DOMRect): boolean {
  return width > 0 && bottom > 0 && right > 0 && top < window.innerHeight && left < window.innerWidth;
}

function move({ source, at: from }: Seen, element: Element, to: DOMRect, shows: boolean): void {
  const image = document.createElement('img');
  image.src = source;
  image.alt = '';
  image.ariaHidden = 'true';
  image.dataset.flight = '';
  Object.assign(image.style, {
    ...{ position: 'fixed', zIndex: '30', pointerEvents: 'none', objectFit: 'cover' },
    borderRadius: getComputedStyle(element).borderRadius,
  });
  document.body.append(image);
  const frame = ({ left, top, width, height }: DOMRect) => ({
    ...{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` },
  });
  const flight = image.animate([frame(from), frame(to)], {
    duration: TIME,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
    fill: 'forwards',
  });
  // What it flies to appears once it is nearly there.
  if (!shows) element.animate([{ opacity: 0 }, { opacity: 0, offset: 0.8 }, { opacity: 1 }], TIME);
  flight.onfinish = flight.oncancel = () => image.remove();
}

/** Photos that were opened from a tile, until they are there. */
const opened = new Map<number, { from: Seen; since: number }>();

/** A photo is being opened from its tile. */
export function opensFrom(photo: number, tile: Element | null | undefined): void {
  const from = seen(tile);
  if (from !== null) opened.set(photo, { from, since: performance.now() });
}

/**
 * Lets a photo come out of the tile from which it was opened, and go back into its tile on the screen that comes next.
 * To be attached to the element of the photo, in which its picture is.
 */
export function fromTile(photo: number): (element: Element) => () => void {
  return (element) => {
    const opening = opened.get(photo);
    opened.clear();
    if (opening && performance.now() - opening.since < PATIENCE) fly(opening.from, () => element);
    let last: Seen | null = null;
    const look = () => {
      last = seen(element.querySelector('img'));
    };
    // Tells before the page goes anywhere. Where the browser does not have it, the photo just goes.
    window.navigation?.addEventListener('navigate', look);
    return () => {
      window.navigation?.removeEventListener('navigate', look);
      fly(last, () => document.querySelector(`[data-select="photo:${photo}"] img`));
    };
  };
}

/** Most pictures that fly to a person at once. Chosen by hand: more can't be told from each other. */
const FLOCK = 4;

/** How long a person's own place is looked for before the line that tells of the name will do, in milliseconds. */
const OWN_PLACE = 250;

/**
 * Lets faces fly to the person whose name they are given. To be called before the name is given.
 *
 * @returns to be called once it was given
 */
export function toPerson(target: {
  faces?: readonly number[];
  groups?: readonly number[];
}): (person: number) => void {
  const selectors = [
    ...(target.groups ?? []).map((id) => `[data-select="group:${id}"] img`),
    ...(target.faces ?? []).map((id) => `main img[src="${faceSource(id)}"]`),
  ];
  const flock = selectors
    .slice(0, FLOCK)
    .flatMap((selector) => [...document.querySelectorAll(selector)].map(seen))
    .filter((one) => one !== null)
    .slice(0, FLOCK);
  return (person) => {
    const since = performance.now();
    const find = () => {
      const own = document.querySelector(`[data-select="person:${person}"] img`);
      if (own && isInSight(own.getBoundingClientRect())) return own;
      return performance.now() - since < OWN_PLACE ? null : document.querySelector('[data-ledger] img');
    };
    for (const one of flock) fly(one, find, true);
  };
}
