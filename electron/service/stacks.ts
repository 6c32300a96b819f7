import type { PhotoId } from '../contract/ids.ts';
import { isBurst, type Sight, stacksOf } from '../grouping/stacks.ts';
import type { Library } from '../library/open.ts';
import { passedOver } from '../log/log.ts';
import type { LabelledFaces } from './label-faces.ts';

/** Gives the dHash of small pictures; null for one that can't be decoded. Rejects once the signal is aborted. */
export type Hasher = (
  jpegs: Uint8Array<ArrayBuffer>[],
  options: { signal?: AbortSignal | undefined },
) => Promise<(string | null)[]>;

/** Thumbnails that are sent to a vision process at once: less than a megabyte. Chosen by hand. */
const AT_ONCE = 64;

/**
 * Records which faces are on versions of one photo. Photos from before Kith hashed them are hashed here, each once, by
 * their thumbnails, where the hash decides anything. Where that fails or is aborted, the next grouping hashes them.
 *
 * @param hasher undefined: only hashes of the record count
 * @returns whether any stack changed
 */
export async function recordStacks(
  library: Library,
  faces: Pick<LabelledFaces, 'alike' | 'faceIds' | 'photoIds' | 'days'>,
  hasher: Hasher | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  const hashes = await hashesFor(library, faces, hasher, signal);
  const sight = (row: number): Sight => {
    const photo = faces.photoIds[row]!;
    return { photo, days: faces.days[row]!, dhash: hashes.get(photo) ?? null };
  };
  const stacks = stacksOf(faces.alike, sight);
  return library.stacks.replace(stacks.map((rows) => rows.map((row) => faces.faceIds[row]!)));
}

/** The hashes of the photos where they decide anything. */
async function hashesFor(
  library: Library,
  { alike, photoIds, days }: Pick<LabelledFaces, 'alike' | 'photoIds' | 'days'>,
  hasher: Hasher | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<PhotoId, string | null>> {
  const photos = new Set<PhotoId>();
  for (let at = 0; at < alike.length; at += 2) {
    const [a, b] = [alike[at]!, alike[at + 1]!];
    if (!isBurst({ days: days[a]! }, { days: days[b]! })) photos.add(photoIds[a]!).add(photoIds[b]!);
  }
  const known = library.stacks.hashes(photos);
  const unknown = [...photos].filter((photo) => !known.has(photo));
  try {
    for (let from = 0; hasher && from < unknown.length; from += AT_ONCE) {
      const found = await hashed(library, unknown.slice(from, from + AT_ONCE), hasher, signal);
      library.stacks.putHashes(found);
      for (const [photo, dhash] of found) known.set(photo, dhash);
    }
  } catch (error) {
    // Groups do not need the hashes. Without them a list may show several versions of a photo.
    passedOver('stacks')(error);
  }
  return known;
}

async function hashed(
  library: Library,
  photos: readonly PhotoId[],
  hasher: Hasher,
  signal: AbortSignal | undefined,
): Promise<Map<PhotoId, string | null>> {
  const shown = photos.flatMap((photo) => {
    const jpeg = library.thumbnails.get(photo);
    return jpeg ? [{ photo, jpeg: new Uint8Array(jpeg) }] : [];
  });
  if (shown.length === 0) return new Map();
  const hashes = await hasher(
    shown.map(({ jpeg }) => jpeg),
    { signal },
  );
  return new Map(shown.map(({ photo }, at) => [photo, hashes[at] ?? null]));
}
