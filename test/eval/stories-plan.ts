import { createHash } from 'node:crypto';
import { random } from '../fixtures/random.ts';
import { type AlbumPlan, CONDITIONS, type PlannedPhoto, photoOf, shuffled } from './album-plan.ts';

/** Raised when the same plan is painted otherwise. */
const VERSION = 1;

/** Pictures of each person that are taken as they are, whoever stands in the background: the development half has so many. */
const AS_THEY_ARE = 10;

/** Sides of a picture of LFW, and height of the face in its middle, in pixels. */
const SIDE = 250;
const FACE = 114;

/**
 * An album of some people of LFW, equally often. Its development half has no twenty pictures of anybody, so each person's first
 * ten pictures are in it as they are, and once more as a phone takes them at another time: mirrored, tilted, lit otherwise, of
 * another size, in front of something else.
 *
 * @param pictures pictures of each person of LFW
 * @param size people, and photos of each
 * @param seed whom it is of: drawn from all who have enough pictures
 */
export function planStory(
  pictures: ReadonlyMap<string, readonly string[]>,
  size: { people: number; photos: number },
  seed: number,
): AlbumPlan {
  const next = random(seed);
  const ready = [...pictures].filter(([, some]) => some.length >= AS_THEY_ARE);
  if (ready.length < size.people)
    throw new Error(
      `Expected ${size.people} people with ${AS_THEY_ARE} pictures but there are ${ready.length}`,
    );
  const people = shuffled(ready, next).slice(0, size.people);
  const turns = people.flatMap(([person, some]) =>
    Array.from({ length: size.photos }, (_, at) => ({ person, picture: some[at % AS_THEY_ARE]!, at })),
  );
  const photos = shuffled(turns, next).map(({ person, picture, at }, number): PlannedPhoto => {
    const painted = photoOf(number, [{ person, picture }], CONDITIONS.fair, next);
    if (at >= AS_THEY_ARE)
      return { ...painted, faces: painted.faces.map((face) => ({ ...face, mirrored: true })) };
    const middle = { x: SIDE / 2, y: SIDE / 2, height: FACE };
    const faces = painted.faces.map((face) => ({ ...face, ...middle }));
    return { ...painted, asIs: true, width: SIDE, height: SIDE, faces };
  });
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, photos]))
    .digest('hex')
    .slice(0, 12);
  return { key: `story-${key}`, photos, people: size.people, strangers: 0 };
}
