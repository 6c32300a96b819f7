import type { MetadataChange, MetadataOutcome, MetadataTrouble } from '../contract/metadata.ts';
import type { App } from '../service/app/app.ts';
import { interruptible } from './interrupt.ts';
import { say } from './output.ts';
import { shown } from './paths.ts';
import { progressLine } from './progress.ts';
import { count } from './words.ts';

/** Runs work on photos' metadata, shows how far it is, and stops it on Ctrl-C after the photos in hand. */
export async function withMetadataBar<T>(app: App, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const bar = progressLine('photos');
  const stop = app.on((event) => {
    if (event.kind !== 'work' || event.work !== 'metadata' || event.total === null) return;
    const { done, total, rate } = event;
    bar.show({ done, total, rate, remaining: rate > 0 ? (total - done) / rate : null });
  });
  return await interruptible(work, () => {
    bar.clear();
    say('Stopping after the photos in hand. Run it again to go on, or "kith metadata undo" to go back.');
  }).finally(() => {
    stop();
    bar.clear();
  });
}

const WHAT: Record<MetadataChange['what'], string> = { create: 'new', change: 'changed', remove: 'removed' };

/**
 * What becomes of a folder's metadata, in lines.
 *
 * @param isListed whether each file is named
 */
export function metadataLines(
  { photos, create, change, remove, same, changes }: MetadataOutcome,
  { isDone, isListed }: { isDone: boolean; isListed: boolean },
): string[] {
  const files = isListed
    ? changes.map(({ target, what, adds, removes }) => {
        const names = [...adds.map((name) => `+${name}`), ...removes.map((name) => `-${name}`)];
        return `${shown(target)} (${WHAT[what]}) ${shown(names.join(', '))}`.trimEnd();
      })
    : [];
  const [made, edited, gone] = isDone
    ? ['made', 'changed', 'removed']
    : ['would be made', 'would be changed', 'would be removed'];
  const counts = [
    create > 0 ? `${count(create, 'sidecar')} ${made}` : '',
    change > 0 ? `${count(change, 'file')} ${edited}` : '',
    remove > 0 ? `${count(remove, 'sidecar')} ${gone}` : '',
  ].filter(Boolean);
  if (counts.length === 0) counts.push(isDone ? 'nothing to do' : 'nothing would change');
  return [
    ...files,
    `${count(photos, 'photo')}: ${counts.join(', ')}; ${same.toLocaleString('en')} as they should be.`,
  ];
}

const TROUBLE: Record<MetadataTrouble, string> = {
  unreadable: 'ExifTool can not read or write it; it is probably damaged, so repair it or copy it again',
  'no-permission': 'Kith may not write there; change the permissions of the file and its folder',
  'disk-full': 'the disk is full; make room and run it again',
  vanished: 'it was moved or deleted; "kith group" looks at the folder again',
  changed: 'another program changed it meanwhile; run it again',
  'line-break': 'its name, or that of its folder, has a line break, so ExifTool can not open it; rename it',
  unlike:
    'it holds something that ExifTool would not keep, so it was left as it was; write a sidecar instead',
};

/** A line for each photo for which nothing was written. */
export function troubleLines({ failed }: MetadataOutcome): string[] {
  return failed.map(({ photo, why, detail }) => `${shown(photo)}: ${TROUBLE[why]}. (${shown(detail)})`);
}
