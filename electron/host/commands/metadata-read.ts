import type { Command } from 'commander';
import type { LooseName, NameContradiction, NamesTaken } from '../../contract/names-in.ts';
import { onFolder } from '../folder-work.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { type Chosen, detectorOption, encoderOption, jsonOption } from './options.ts';

interface ReadOptions extends Chosen {
  library?: string;
  dryRun?: boolean;
}

/** Lines of each list that are shown; the JSON has them all. Chosen by hand. */
const LONGEST = 20;

export function addMetadataRead(metadata: Command, end: End): void {
  metadata
    .command('read')
    .argument('<folder>', 'folder with photos; its subfolders are looked into')
    .summary('take the names that other programs wrote into photos')
    .description(
      'Reads the names that digiKam, Lightroom, Picasa, Windows, ACDSee, Apple, Google and others wrote into photos or beside them, and gives them to their faces; then Kith finds the rest. Photos are only read. Names that contradict each other, or what you said, are listed and left alone; the page asks about them. Undo takes all of it back.',
    )
    .option('--library <file>', 'where the record is kept (default: in your data folder)', fromHere)
    .option('--dry-run', 'only say what would be done')
    .addOption(detectorOption())
    .addOption(encoderOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith metadata read ~/Photos --dry-run')
    .action(async (folder: string, options: ReadOptions) => {
      const taken = await readNames(fromHere(folder), options);
      if (options.json) await printJson(taken);
      else
        await print(
          [...takenLines(taken, options.dryRun ?? false), ...askedLines(taken, options.dryRun)].join('\n'),
        );
      end(Exit.done);
    });
}

/** Scans a folder, and takes the names in its photos' metadata. */
export function readNames(folder: string, options: ReadOptions): Promise<NamesTaken> {
  const { detector, encoder, dryRun = false } = options;
  const work = { path: folder, detector, encoder, dry: dryRun };
  return onFolder(options, 'folder.names', work, async (taken) => taken);
}

/** What came of the names, or would come of them, as lines for the user to read. */
export function takenLines(
  taken: NamesTaken,
  dry: boolean,
  nothing = "There are no names in these photos' metadata.",
): string[] {
  const { photos, people, faces, drawn, put, already, contradictions, unplaced, misplaced, entry } = taken;
  if (photos === 0) return [nothing];
  const verb = dry ? 'would be named' : 'named';
  return [
    `${count(faces, 'face')} of ${count(people.length, 'person').replace('persons', 'people')} ${verb} from ${count(photos, 'photo')} with names${already > 0 ? `; ${already.toLocaleString('en')} had ${already === 1 ? 'its' : 'their'} name already` : ''}.`,
    ...(drawn > 0 ? [`Kith had not found ${count(drawn, 'face')} of these.`] : []),
    ...(put > 0 ? [`${dry ? 'To be put' : 'Put'} on photos without a face: ${count(put, 'name')}.`] : []),
    ...cut(
      people.map(
        ({ name, faces: of, known }) => `  ${shown(name)}: ${count(of, 'face')}${known ? '' : ' (new)'}`,
      ),
    ),
    ...listed(
      'Left alone, since the names contradict each other, or what you said:',
      contradictions.map(contradiction),
    ),
    ...listed('Left alone, since it is not certain whose face they mean:', unplaced.map(loose)),
    ...listed(
      'Not believed, since the photo was cropped or rotated after it was tagged:',
      misplaced.map(loose),
    ),
    ...(entry === null ? [] : ['"kith undo" takes it back.']),
  ];
}

/** Where names that were left alone are decided about. Nothing where none was. */
export function askedLines({ contradictions, unplaced }: NamesTaken, dry = false): string[] {
  const isAsked = !dry && contradictions.length + unplaced.length > 0;
  return isAsked ? ['The page asks about those that were left alone: "kith open".'] : [];
}

function contradiction(one: NameContradiction): string {
  switch (one.why) {
    case 'two-names':
      return `${shown(one.path)}: one face has the names ${one.names.map(shown).join(' and ')}`;
    case 'twice':
      return `${shown(one.path)}: ${shown(one.name)} is on it twice`;
    case 'two-people':
      return `${shown(one.path)}: two people who both have the name ${shown(one.name)} are on it; ${count(one.faces, 'face')} left alone`;
    case 'said':
      return one.said === null
        ? `${shown(one.path)}: the file says ${shown(one.name)}, and you said that this face is not ${shown(one.name)}`
        : `${shown(one.path)}: the file says ${shown(one.name)}, and you said ${shown(one.said)}`;
  }
}

function loose({ path, name }: LooseName): string {
  return `${shown(path)}: ${shown(name)}`;
}

function listed(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...cut(lines.map((line) => `  ${line}`))];
}

function cut(lines: string[]): string[] {
  if (lines.length <= LONGEST) return lines;
  return [...lines.slice(0, LONGEST), `  and ${(lines.length - LONGEST).toLocaleString('en')} more`];
}
