import type { Command } from 'commander';
import type { CopyReason, RecordSummary } from '../../contract/copies.ts';
import { canAsk, confirm } from '../confirm.ts';
import { withApp, withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { jsonOption, libraryOption } from './options.ts';

interface Options {
  library?: string;
  json?: boolean;
}

/** Why a copy was made, in words for the user. */
const REASONS: Record<CopyReason, string> = {
  weekly: 'weekly',
  migration: 'before an update of Kith',
  restore: 'the record before a restore',
  regroup: 'before grouping anew',
  repair: 'before a repair',
  replaced: 'left behind by a file that was put in its place',
  hand: 'asked for',
};

export function addCopies(program: Command, end: End): void {
  program
    .command('backup')
    .argument('[file]', 'a new file (default: among the copies that Kith keeps beside the library)', fromHere)
    .summary('copy the library')
    .description(
      'Copies the library to a new file, which is checked before it gets its name. A file that is there is never replaced.',
    )
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: Options) => {
      const done = await withKnownLibrary(options, (app) =>
        app.call('library.backup', { path: file ?? null }),
      );
      if (options.json) await printJson(done);
      else await print(`${shown(done.path)}: ${held(done.summary)}`);
      end(Exit.done);
    });

  program
    .command('restore')
    .argument('<copy>', 'a copy of a library', fromHere)
    .summary('put a copy in the place of the library')
    .description(
      'Shows what a copy holds beside what the library holds now, asks, and exchanges them. The former record is kept among the copies, and can be restored in the same way.',
    )
    .option('--yes', 'do it without asking')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async (copy: string, options: Options & { yes?: boolean }) => end(await restore(copy, options)));

  program
    .command('copies')
    .summary('list the copies that Kith keeps of the library')
    .description('Lists the copies that Kith keeps beside the library, the newest first.')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const copies = await withApp(options, (app) => app.call('library.copies', {}));
      if (options.json) await printJson(copies);
      else if (copies.length === 0) await print('There are no copies yet: "kith backup" makes one.');
      else {
        const lines = copies.map(
          ({ path, when, why, summary }) =>
            `${moment(when)}  ${REASONS[why]}: ${summary ? held(summary) : "can't be read"}\n  ${shown(path)}`,
        );
        await print(lines.join('\n'));
      }
      end(Exit.done);
    });
}

async function restore(path: string, options: Options & { yes?: boolean }): Promise<Exit> {
  return withApp(options, async (app) => {
    const { copy, now } = await app.call('library.inspect', { path });
    if (!options.yes) {
      const tell = options.json ? async (text: string) => say(text) : print;
      await tell([`The copy holds:        ${held(copy)}`, `The library holds now: ${held(now)}`].join('\n'));
      if (!canAsk()) {
        say('Nothing was changed: Kith asks first, and here is nobody to be asked. Run it with --yes.');
        return Exit.refused;
      }
      if (!(await confirm('Put the copy in its place?'))) {
        say('Nothing was changed.');
        return Exit.done;
      }
    }
    const done = await app.call('library.restore', { path });
    if (options.json) await printJson(done);
    else await print(restored(done.former));
    return Exit.done;
  });
}

/** Says what was done, and how to undo it. */
export function restored(former: string | null): string {
  return former === null
    ? 'The copy was restored.'
    : `The copy was restored. The former record is kept, and can be restored in turn: ${shown(former)}`;
}

/** What a record holds, in one line. */
export function held({ people, namedFaces, faces, photos, newest, bytes }: RecordSummary): string {
  const last = newest === null ? 'nothing named yet' : `last named ${moment(newest)}`;
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return `${people.toLocaleString('en')} ${people === 1 ? 'person' : 'people'}, ${count(namedFaces, 'face')} named of ${faces.toLocaleString('en')}, ${count(photos, 'photo')}; ${last}; ${size}`;
}

/** A moment in the user's local time, to the minute. */
function moment(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
}
