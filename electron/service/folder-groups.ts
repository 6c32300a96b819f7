import { toPixelBox } from '../contract/geometry.ts';
import type { GroupId, PhotoId } from '../contract/ids.ts';
import type { FolderGroups, FolderPhoto, GroupedFace, PixelRect } from '../contract/results.ts';
import type { Analysis } from '../contract/vision.ts';
import type { RecordedFace } from '../library/faces.ts';
import type { FolderId, RecordedFile } from '../library/files.ts';
import type { Library } from '../library/open.ts';

/** What the record says of one folder: its photos by path, and its groups, the largest in this folder first. */
export function folderGroups(library: Library, folder: FolderId): Pick<FolderGroups, 'photos' | 'groups'> {
  const found = library.faces.ofFolder(folder);
  const byPhoto = Map.groupBy(found, ({ photoId }) => photoId);
  const photos = library.files.list(folder).flatMap((file) => photoOf(file, byPhoto) ?? []);
  const sizes = new Map<GroupId, number>();
  for (const { group } of found) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const groups = [...sizes].map(([id, size]) => ({ id, size }));
  return { photos, groups: groups.sort((a, b) => b.size - a.size || a.id - b.id) };
}

/** Null for a file that no scan has looked at: it lies in a folder that this scan could not enter. */
function photoOf(file: RecordedFile, faces: Map<PhotoId, RecordedFace[]>): FolderPhoto | null {
  const { path, width, height } = file;
  if (file.status === 'done') {
    const size = { width: width!, height: height! };
    const found = faces.get(file.photoId!) ?? [];
    return { path, width, height, status: 'done', faces: found.map((face) => faceOf(face, size)) };
  }
  if (file.status === 'pending') return null;
  const reason = { reason: file.reasonCode!, detail: file.reasonDetail ?? path };
  return { path, width: null, height: null, status: 'unreadable', ...reason, faces: [] };
}

function faceOf({ id, box, score, quality, group }: RecordedFace, size: Sides): GroupedFace {
  return { id, box: rectOf(box, size), score, quality, group };
}

type Sides = Pick<Analysis, 'width' | 'height'>;

/** Fractions of a photo as pixels of it, to a hundredth. */
export function rectOf(box: RecordedFace['box'], size: Sides): PixelRect {
  const { x, y, width, height } = toPixelBox(box, size);
  return [hundredth(x), hundredth(y), hundredth(width), hundredth(height)];
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
