import type { Command } from 'commander';
import type { FaceId } from '../../contract/ids.ts';
import type { NamesTaken } from '../../contract/names-in.ts';
import type { FolderGroups } from '../../contract/results.ts';
import type { App } from '../../service/app/app.ts';
import { outputs } from '../engine.ts';
import { onFolder } from '../folder-work.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { progressLine } from '../progress.ts';
import { summary } from '../summary.ts';
import { type Chosen, detectorOption, encoderOption, jsonOption } from './options.ts';

interface GroupOptions extends Chosen {
  library?: string;
  crops?: string;
  annotate?: string;
  namesFromMetadata?: boolean;
}

export function addGroup(program: Command, end: End): void {
  program
    .command('group')
    .argument('<folder>', 'folder with photos; its subfolders are looked into')
    .summary('find the faces in a folder of photos and group those of one person')
    .description(
      'Finds the faces in a folder of photos and groups those of one person. The photos are only read. What was found is kept in a library, so that the next run looks at new and changed photos alone.',
    )
    .option('--library <file>', 'where the record is kept (default: in your data folder)', fromHere)
    .addOption(detectorOption())
    .addOption(encoderOption())
    .option('--crops <dir>', 'write each face as a small JPEG, a folder for each group', fromHere)
    .option('--annotate <dir>', 'write copies of the photos with boxes drawn', fromHere)
    .option(
      '--names-from-metadata',
      'take the names that other programs wrote into the photos (see "kith metadata read")',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  kith group ~/Photos
  kith group ~/Photos --crops ~/Faces --annotate ~/Boxes
  kith group ~/Photos --json > photos.json`,
    )
    .action(async (folder: string, options: GroupOptions) => end(await group(fromHere(folder), options)));
}

/** Groups a folder, writes what was asked for, and says what was found. */
async function group(folder: string, options: GroupOptions): Promise<Exit> {
  const { crops, annotate, detector, encoder } = options;
  const isWritten = crops !== undefined || annotate !== undefined;
  // What draws and writes pictures is loaded only where it is asked for: that takes as long as all else of a second run.
  if (isWritten) await (await outputs()).checkOutputs(folder, options);
  return onFolder(options, 'folder.group', { path: folder, detector, encoder }, async (result, app) => {
    // The library knows the folder by now, so that only names are read.
    const names = options.namesFromMetadata
      ? await app.call('folder.names', { path: folder, detector, encoder })
      : null;
    const written = isWritten ? await writeOutputs(app, folder, result, options) : [];
    const named = names === null ? [] : await namedLines(names);
    if (options.json) await printJson(names === null ? result : { ...result, names });
    else await print([...summary(folder, result), ...named, ...written, ...(await facenetHint())].join('\n'));
    // Exports of Kith hold no photos, so nothing is missing where they are passed over.
    const isEntered = (result.passedOver ?? []).every(({ reason }) => reason === 'export');
    const whole = isEntered && result.photos.every(({ status }) => status === 'done');
    return whole ? Exit.done : Exit.incomplete;
  });
}

async function namedLines(names: NamesTaken): Promise<string[]> {
  const { askedLines, takenLines } = await import('./metadata-read.ts');
  return [...takenLines(names, false), ...askedLines(names)];
}

/** One line that says what FaceNet would add, where none is installed. It uses no network. */
async function facenetHint(): Promise<string[]> {
  const { hasFacenet } = await import('../../../models/choice.ts');
  if (await hasFacenet()) return [];
  const [{ missingRecommended }, { openStore }] = await Promise.all([
    import('../../../models/recommended.ts'),
    import('../../../models/store.ts'),
  ]);
  const bytes = (await missingRecommended(openStore())).reduce((sum, model) => sum + model.bytes, 0);
  return [
    `FaceNet would tell people apart better: "kith models get recommended" downloads what recognises best (about ${Math.round(bytes / 1e6)} MB), "kith models import" takes it from files of your own.`,
  ];
}

/** The stored crop of a face, a small JPEG; null where it has none (any more). */
async function cropOf(app: App, id: FaceId): Promise<Uint8Array | null> {
  const picture = await app.picture('crop', id);
  return picture?.bytes ?? null;
}

/** @returns a line for each place that was written to */
async function writeOutputs(
  app: App,
  folder: string,
  result: FolderGroups,
  { crops, annotate }: GroupOptions,
): Promise<string[]> {
  const { annotateGroups, exportGroups } = await outputs();
  const lines: string[] = [];
  if (crops !== undefined) {
    await exportGroups(folder, result, crops, (ids) => Promise.all(ids.map((id) => cropOf(app, id))));
    lines.push(`Crops: ${shown(crops)}`);
  }
  if (annotate !== undefined) {
    const bar = progressLine('photos drawn');
    const { failed } = await annotateGroups(folder, result, annotate, (progress) =>
      bar.show({ ...progress, rate: 0, remaining: null }),
    ).finally(bar.clear);
    for (const path of failed)
      say(`${shown(path)}: it could not be read again, so no boxes were drawn on it.`);
    lines.push(`Photos with boxes: ${shown(annotate)}`);
  }
  return lines;
}
