import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Params } from '../../contract/api.ts';
import { USUAL_PATTERN } from '../../contract/crop-pattern.ts';
import { CropFormat, CropPreset, FilePattern, TrainingSplit } from '../../contract/crops.ts';
import { KithError } from '../../contract/errors.ts';
import { everyPage } from '../../contract/every-page.ts';
import type { PersonId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import { DataFormat } from '../../contract/record-format.ts';
import type { App } from '../../service/app/app.ts';
import { withKnownLibrary } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { progressLine } from '../progress.ts';
import { count } from '../words.ts';
import { jsonOption, libraryOption } from './options.ts';
import { between, names, takes, whole } from './values.ts';

interface Options {
  library?: string;
  people?: string[];
  groups?: boolean;
  confirmed?: boolean;
  preset?: CropPreset;
  padding?: number;
  size?: number;
  format?: CropFormat | DataFormat;
  pattern?: string;
  minSize?: number;
  minQuality?: number;
  contactSheet?: boolean;
  privacy?: string[];
  trainingSet?: TrainingSplit['shares'] | true;
  seed?: number;
  json?: boolean;
}

export function addExport(program: Command, end: End): void {
  program
    .command('export')
    .argument('<dir>', 'where to; new, empty, or left by an earlier export')
    .summary('write faces as pictures, photos with strangers hidden, or a training set')
    .description(
      'Writes the faces of people as pictures, cut out of the full-size photos, a folder for each person; or, with --privacy, copies of photos on which nobody else can be recognised; or, with --training-set, folders train, val and test.',
    )
    .addOption(libraryOption())
    .addOption(
      takes('--people <names>', 'only these, with commas between (default: everybody with a name)', names),
    )
    .option('--groups', 'groups without a name too')
    .option('--confirmed', 'only what you have confirmed, not what Kith is sure of')
    .addOption(
      new Option('--preset <preset>', 'how faces are cut out').choices(CropPreset.options).default('padded'),
    )
    .addOption(
      takes('--padding <percent>', 'surroundings of "padded", 0 to 100 (default: 25)', between(0, 100)),
    )
    .addOption(takes('--size <pixels>', 'longest side, never enlarged (default: 512)', whole(64, 2048)))
    .addOption(
      new Option(
        '--format <format>',
        'of the pictures, jpg, png or webp; or jsonl, csv, npy or coco: no pictures, but all that Kith knows',
      )
        .choices([...CropFormat.options, ...DataFormat.options])
        .default('jpg'),
    )
    .addOption(
      takes(
        '--pattern <pattern>',
        `names of the files, of {person} {date} {photo} {number} (default: "${USUAL_PATTERN}")`,
        pattern,
      ),
    )
    .addOption(
      takes('--min-size <pixels>', 'leave out faces that are smaller in their photo', whole(0, 10_000)),
    )
    .addOption(takes('--min-quality <share>', 'leave out faces of a lower quality, 0 to 1', between(0, 1)))
    .option('--contact-sheet', 'a PDF with all pictures of a person in each folder')
    .addOption(
      takes('--privacy <names>', 'photos of these people; everybody else is hidden', names).conflicts([
        ...OF_FACES,
        'format',
      ]),
    )
    .addOption(
      takes('--training-set [shares]', 'shares of train/val/test (default: 80/10/10)', shares).conflicts(
        'contactSheet',
      ),
    )
    .addOption(takes('--seed <number>', 'another number is another training set', whole(0, 2 ** 31)))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  kith export ~/Faces --contact-sheet
  kith export ~/Passport --people Anna --preset passport --format png
  kith export ~/ForTheSchool --privacy "Anna, Ben"
  kith export ~/Record --format jsonl
  kith export ~/Set --training-set 70/15/15 --preset aligned-112 --min-size 80`,
    )
    .action(async (dir: string, options: Options) => end(await run(fromHere(dir), options)));
}

/** Options that say which faces are written, and how: nothing else than an export of faces looks at them. */
const OF_FACES = [
  ...['people', 'groups', 'preset', 'padding', 'size', 'pattern', 'minSize', 'minQuality'],
  ...['contactSheet', 'trainingSet', 'seed'],
] as const satisfies (keyof Options)[];

async function run(folder: string, options: Options): Promise<Exit> {
  return withKnownLibrary(options, async (app) => {
    const data = DataFormat.safeParse(options.format);
    if (data.success) refuseChoice(data.data, options);
    if (data.success) return handOut(app, folder, data.data, options);
    if (options.privacy) return hide(app, folder, options.privacy, options);
    const people = options.people ? await idsOf(app, options.people) : (await named(app)).map(({ id }) => id);
    if (people.length === 0 && !options.groups)
      throw new KithError(
        'bad-request',
        'Nobody has a name yet: "kith tag" gives names, and --groups exports groups without one',
      );
    const result = await watched(app, 'faces', (signal) =>
      app.call('export.crops', paramsOf(folder, people, options), { signal }),
    );
    if (options.json) await printJson(result);
    else {
      const { files, left, failed, skipped, cancelled } = result;
      const lines = [`${count(files, 'face')} written to ${shown(result.folder)}.`];
      if (left > 0) lines.push(`${count(left, 'face')} left out: too small or too poor.`);
      if (failed.length > skipped.length)
        lines.push(
          `${count(failed.length - skipped.length, 'face')} from small pictures: their photos are gone.`,
        );
      if (skipped.length > 0) lines.push(`${count(skipped.length, 'face')} left out: their photos are gone.`);
      if (cancelled) lines.push(STOPPED);
      await print(lines.join('\n'));
      sayWhich(failed);
    }
    return exitOf(result);
  });
}

/**
 * An open format holds everything that the library knows, so an option that asks for a part of it is refused: the user
 * would hand out more than they mean to.
 */
function refuseChoice(format: DataFormat, options: Options): void {
  // `preset` always has a value.
  const parts = ['confirmed', 'privacy', ...OF_FACES.filter((option) => option !== 'preset')] as const;
  const given = parts.find((option) => options[option] !== undefined);
  if (given === undefined) return;
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new KithError(
    'bad-request',
    `${flag} can't be used with --format ${format}, which writes everything`,
  );
}

/** All that the library knows, in an open format. */
async function handOut(app: App, folder: string, format: DataFormat, { json }: Options): Promise<Exit> {
  const result = await app.call('export.record', { folder, format });
  if (json) await printJson(result);
  else {
    const { people, faces, files } = result;
    await print(
      `${people.toLocaleString('en')} ${people === 1 ? 'person' : 'people'} and ${count(faces, 'face')} written to ${shown(result.folder)}, ${count(files, 'file')}.`,
    );
  }
  return Exit.done;
}

/** Copies of photos on which only some people can be recognised. */
async function hide(app: App, folder: string, who: string[], { confirmed, json }: Options): Promise<Exit> {
  const keep = await idsOf(app, who);
  const result = await watched(app, 'photos', (signal) =>
    app.call('export.private', { keep, folder, sure: !confirmed }, { signal }),
  );
  if (json) await printJson(result);
  else {
    const { files, hidden, failed, cancelled } = result;
    const lines = [
      `${count(files, 'photo')} written to ${shown(result.folder)}, ${count(hidden, 'face')} hidden.`,
    ];
    if (failed.length > 0)
      lines.push(`${count(failed.length, 'photo')} left out: they can't be read any more.`);
    if (cancelled) lines.push(STOPPED);
    await print(lines.join('\n'));
    sayWhich(failed);
  }
  return exitOf(result);
}

/** Names the photos that were left out, or whose faces come from small pictures. */
function sayWhich(photos: readonly string[]): void {
  for (const photo of new Set(photos)) say(`  ${shown(photo)}`);
}

const STOPPED = 'Stopped. What was written is whole, and listed in manifest.json; run it again for the rest.';

function exitOf({ failed, cancelled }: { failed: string[]; cancelled: boolean }): Exit {
  return failed.length > 0 || cancelled ? Exit.incomplete : Exit.done;
}

function paramsOf(folder: string, people: PersonId[], options: Options): Params<'export.crops'> {
  const { groups, confirmed, preset, padding, size, minSize, minQuality, contactSheet } = options;
  const split = options.trainingSet;
  return {
    folder,
    ...(groups && !options.people ? { all: true } : { people }),
    ...{
      preset,
      size,
      format: CropFormat.safeParse(options.format).data,
      pattern: options.pattern,
      minSize,
      minQuality,
      sheets: contactSheet,
    },
    sure: !confirmed,
    padding: padding === undefined ? undefined : padding / 100,
    training: split === undefined ? null : { shares: split === true ? undefined : split, seed: options.seed },
  };
}

/** Shows how far an export is, and ends it on Ctrl-C after the file in hand. */
async function watched<T>(app: App, unit: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const bar = progressLine(unit);
  const stop = app.on((event) => {
    if (event.kind !== 'work' || event.work !== 'export') return;
    const { done, total, rate } = event;
    bar.show({
      done,
      total: total ?? done,
      rate,
      remaining: rate > 0 ? ((total ?? done) - done) / rate : null,
    });
  });
  const onStop = () => {
    bar.clear();
    say('Stopping after the file in hand. What is written is whole; Ctrl-C again quits at once.');
  };
  return await interruptible(work, onStop).finally(() => {
    stop();
    bar.clear();
  });
}

function named(app: App) {
  return everyPage((cursor) => app.call('people.list', { cursor, limit: 500 }));
}

/** @throws KithError not-found naming who is not there */
async function idsOf(app: App, wanted: readonly string[]): Promise<PersonId[]> {
  const people = await named(app);
  return wanted.map((name) => {
    const found = people.find((person) => nameKey(person.name) === nameKey(name));
    if (!found) throw new KithError('not-found', `"${name}"; "kith people" lists who has a name`);
    return found.id;
  });
}

function pattern(text: string): string {
  const { success, data, error } = FilePattern.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError(error.issues[0]?.message ?? 'Expected a pattern.');
}

function shares(text: string): TrainingSplit['shares'] {
  const { success, data } = TrainingSplit.shape.shares.safeParse(text.split('/').map(Number));
  if (success) return data;
  throw new InvalidArgumentError('Expected three shares such as 80/10/10.');
}
