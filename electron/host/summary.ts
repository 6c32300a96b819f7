import type { FolderGroups } from '../contract/results.ts';
import { shown } from './paths.ts';
import { duration } from './progress.ts';
import { count, passedOver, unreadable } from './words.ts';

/** Lines of each list that the summary shows; the JSON has them all. Chosen by hand. */
const LONGEST = 20;

/** What was found in a folder, as lines for the user to read. */
export function summary(folder: string, result: FolderGroups): string[] {
  const { photos, groups, seconds } = result;
  const unread = photos.filter(({ status }) => status === 'unreadable');
  const apart = passedOverLines(result);
  if (photos.length === 0) {
    return [
      `No photos in ${shown(folder)}: Kith looks for JPEG, PNG, WebP, TIFF, GIF, AVIF and HEIC files.`,
      ...apart,
    ];
  }
  const faces = new Set(photos.flatMap((photo) => photo.faces.map(({ id }) => id)));
  const several = groups.filter(({ size }) => size > 1);
  const alone = faces.size - several.reduce((sum, { size }) => sum + size, 0);
  return [
    `${count(photos.length, 'photo')}, ${count(faces.size, 'face')}${faces.size === 0 ? ' at all' : ''}, in ${duration(seconds)}.`,
    ...(faces.size === 0
      ? []
      : [
          `${count(several.length, 'group')}${several.length === 1 ? '' : ', each'} of one person; ${count(alone, 'face')} alone.`,
        ]),
    ...cut(several.map(({ id, size }) => `  group ${id}: ${count(size, 'face')}`)),
    ...(unread.length === 0 ? [] : [`${count(unread.length, 'file')} could not be read:`]),
    ...cut(unread.map(({ path, reason }) => `  ${unreadable(path, reason ?? 'truncated')}`)),
    ...apart,
  ];
}

function passedOverLines({ passedOver: places = [] }: FolderGroups): string[] {
  return places.length === 0
    ? []
    : ['Not looked into:', ...cut(places.map((place) => `  ${passedOver(place)}`))];
}

function cut(lines: string[]): string[] {
  if (lines.length <= LONGEST) return lines;
  return [...lines.slice(0, LONGEST), `  and ${lines.length - LONGEST} more`];
}
