import type { FaceId, GroupId, PhotoId } from '../../electron/contract/ids.ts';
import type { RecordedFace } from '../../electron/library/faces.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { AlbumPlan, PlacedFace, PlannedPhoto } from './album-plan.ts';

/** A face that the engine found, and who it is. */
export interface AlbumFace {
  id: FaceId;
  photo: PhotoId;
  group: GroupId | null;
  /** Null for a face that nobody put there: a bystander, or no face at all. */
  person: string | null;
}

/** A found face is a placed one where its centre lies within this share of the face's height from that one's. */
const NEAR = 0.4;

/** Who is who on the photos of an album, by where each face was put. */
export function readAlbum(file: string, folder: string, plan: AlbumPlan): AlbumFace[] {
  const library = openLibrary(file);
  try {
    const id = library.files.folder(folder);
    const plans = new Map(plan.photos.map((photo) => [photo.name, photo]));
    const found = Map.groupBy(library.faces.ofFolder(id), ({ photoId }) => photoId);
    return library.files.list(id).flatMap(({ path, photoId }) => {
      const photo = plans.get(path);
      return photo && photoId !== null ? identified(found.get(photoId) ?? [], photo) : [];
    });
  } finally {
    library.close();
  }
}

/** Each placed face is found once at most: by the face that is nearest to it. */
function identified(found: readonly RecordedFace[], photo: PlannedPhoto): AlbumFace[] {
  const pairs = found
    .flatMap((face) => photo.faces.map((placed) => ({ face, placed, offset: offsetOf(face, placed, photo) })))
    .filter(({ offset }) => offset < NEAR)
    .toSorted((a, b) => a.offset - b.offset);
  const who = new Map<FaceId, PlacedFace>();
  for (const { face, placed } of pairs) {
    if (!who.has(face.id) && ![...who.values()].includes(placed)) who.set(face.id, placed);
  }
  return found.map(({ id, photoId, group }) => ({
    id,
    photo: photoId,
    group,
    person: who.get(id)?.person ?? null,
  }));
}

/** Distance of the two centres as a share of the placed face's height. */
function offsetOf({ box }: RecordedFace, placed: PlacedFace, { width, height }: PlannedPhoto): number {
  const x = (box.x + box.width / 2) * width - placed.x;
  const y = (box.y + box.height / 2) * height - placed.y;
  return Math.hypot(x, y) / placed.height;
}
