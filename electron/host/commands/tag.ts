import type { Command } from 'commander';
import type { FoundPerson, NamedExample, TaggedFace, TaggedFolder } from '../../contract/results.ts';
import { readExamples } from '../examples-file.ts';
import { onFolder } from '../folder-work.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { type Chosen, detectorOption, encoderOption, jsonOption } from './options.ts';

interface TagOptions extends Chosen {
  library?: string;
  examples: string;
}

const library = '--library <file>';
const libraryHelp = 'where the record is kept (default: in your data folder)';

export function addTag(program: Command, end: End): void {
  program
    .command('tag')
    .argument('<folder>', 'folder with photos; its subfolders are looked into')
    .summary('name the people of a folder from one example each')
    .description(
      'Takes one example of each person and names everybody else: who is sure gets the name at once, who may be is listed to be asked about, all others are left alone. Undo takes all of it back.',
    )
    .requiredOption('--examples <csv>', 'columns name,photo[,x,y]; x,y: a point inside the face', fromHere)
    .option(library, libraryHelp, fromHere)
    .addOption(detectorOption())
    .addOption(encoderOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith tag ~/Photos --examples people.csv')
    .action(async (folder: string, options: TagOptions) => {
      const examples = await readExamples(options.examples);
      const result = await tag(fromHere(folder), examples, options);
      if (options.json) await printJson(result);
      else await print(tally(result).join('\n'));
      end(result.photos.every(({ status }) => status === 'done') ? Exit.done : Exit.incomplete);
    });

  program
    .command('find')
    .argument('<example>', 'a photo of the person, in the folder; the largest face counts')
    .argument('<folder>', 'folder with photos')
    .summary("find one person's faces in a folder")
    .description(
      "Lists a person's faces in a folder of photos, the best first. The folder's record is kept; nobody is named.",
    )
    .option(library, libraryHelp, fromHere)
    .addOption(detectorOption())
    .addOption(encoderOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith find ~/Photos/anna.jpg ~/Photos')
    .action(async (example: string, folder: string, options: Omit<TagOptions, 'examples'>) => {
      const found = await find(fromHere(example), fromHere(folder), options);
      if (options.json) await printJson(found);
      else await print(found.faces.map(lineOf).join('\n'));
      end(Exit.done);
    });
}

function tag(
  folder: string,
  examples: readonly NamedExample[],
  options: Omit<TagOptions, 'examples'>,
): Promise<TaggedFolder> {
  const { detector, encoder } = options;
  const work = { path: folder, detector, encoder, examples: [...examples] };
  return onFolder(options, 'folder.tag', work, async (tagged) => tagged);
}

function find(photo: string, folder: string, options: Omit<TagOptions, 'examples'>): Promise<FoundPerson> {
  const { detector, encoder } = options;
  return onFolder(options, 'folder.find', { path: folder, detector, encoder, photo }, async (found) => found);
}

function lineOf({
  path,
  status,
  probability,
  box: [x, y, width, height],
}: FoundPerson['faces'][number]): string {
  const sure = status === 'example' ? 'the example' : `${((probability ?? 0) * 100).toFixed(1)} %`;
  return `${shown(path)}  ${sure}  at ${[x, y, width, height].map(Math.round).join(', ')}`;
}

/** What the names brought, as lines for the user to read. */
function tally({ photos, people }: TaggedFolder): string[] {
  // Files that are copies of one photo have the same faces.
  const faces = [...new Map(photos.flatMap((photo) => photo.faces).map((face) => [face.id, face])).values()];
  const of = (status: TaggedFace['status'], name?: string) =>
    faces.filter((face) => face.status === status && (name === undefined || face.person === name)).length;
  return [
    `${count(of('sure'), 'face')} named, ${count(of('ask'), 'face')} to be asked about, ${count(of('none'), 'face')} left alone.`,
    ...people.map(({ name }) => {
      const [sure, ask] = [of('sure', name), of('ask', name)];
      return `  ${shown(name)}: ${count(of('example', name) + sure, 'face')}${ask > 0 ? `, ${ask} to check` : ''}`;
    }),
    '"kith undo" takes it back.',
  ];
}
