import { type Command, InvalidArgumentError, Option } from 'commander';
import { everyPage } from '../../contract/every-page.ts';
import { EntryId } from '../../contract/ids.ts';
import type { JournalEntry } from '../../contract/people.ts';
import { withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { jsonOption } from './options.ts';

interface Options {
  library?: string;
  json?: boolean;
}

/** How many entries the history shows. Chosen by hand. */
const SHOWN = 30;

export function addPeople(program: Command, end: End): void {
  const library = [
    '--library <file>',
    'where the record is kept (default: in your data folder)',
    fromHere,
  ] as const;

  program
    .command('people')
    .summary('list the people who have a name')
    .description('Lists everybody who has a name, whoever has the most faces first.')
    .option(...library)
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const people = await withKnownLibrary(options, (app) =>
        everyPage((cursor) => app.call('people.list', { cursor, limit: 500 })),
      );
      if (options.json) await printJson(people);
      else if (people.length === 0) await print('Nobody has a name yet: "kith tag" gives them.');
      else {
        const lines = people.map(
          ({ name, confirmed, sure, ask }) =>
            `${shown(name)}: ${count(confirmed + sure, 'face')}${ask > 0 ? `, ${ask} to check` : ''}`,
        );
        await print(lines.join('\n'));
      }
      end(Exit.done);
    });

  program
    .command('undo')
    .summary('undo what was done last, or one entry of the journal')
    .description(
      'Undoes the last thing that was done to names and groups; --redo does it again. With --entry that one alone, whatever was done since.',
    )
    .option(...library)
    .addOption(new Option('--entry <id>', 'which entry, as "kith journal" numbers them').argParser(entryId))
    .option('--redo', 'do again what was undone last')
    .addOption(jsonOption())
    .action(async (options: Options & { entry?: EntryId; redo?: boolean }) => {
      const { entry, blockers } = await withKnownLibrary(options, (app) =>
        app.call(options.redo ? 'journal.redo' : 'journal.undo', { entry: options.entry }),
      );
      const verb = options.redo ? 'redo' : 'undo';
      if (options.json) await printJson(blockers.length > 0 ? { entry, blockers } : entry);
      else if (entry !== null) await print(`${options.redo ? 'Done again' : 'Undone'}: ${wordsOf(entry)}`);
      else if (blockers.length === 0) await print(`There is nothing to ${verb}.`);
      else {
        const lines = [`Nothing was changed. To ${verb} that, these have to be undone or done again before:`];
        await print([...lines, ...blockers.map(wordsOf)].join('\n'));
      }
      end(blockers.length > 0 ? Exit.refused : Exit.done);
    });

  program
    .command('journal')
    .summary('list what was done to names and groups')
    .description('Lists what was done to names and groups, the newest first.')
    .option(...library)
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const entries = await withKnownLibrary(options, async (app) =>
        options.json
          ? everyPage((cursor) => app.call('journal.list', { cursor, limit: 500 }))
          : (await app.call('journal.list', { limit: SHOWN })).items,
      );
      if (options.json) await printJson(entries);
      else if (entries.length === 0) await print('Nothing was done yet.');
      else await print(entries.map(wordsOf).join('\n'));
      end(Exit.done);
    });
}

/** @throws InvalidArgumentError for what is no number of an entry */
function entryId(value: string): EntryId {
  const { data } = EntryId.safeParse(Number(value));
  if (data === undefined) throw new InvalidArgumentError('Expected a number as "kith journal" shows them.');
  return data;
}

/** One entry as a line. */
function wordsOf({ id, at, action, detail, state }: JournalEntry): string {
  const details = Object.entries(detail).map(([name, value]) => `${name} ${value}`);
  const undone = state === 'undone' ? ' (undone)' : '';
  return `${String(id).padStart(5)}  ${at.slice(0, 16).replace('T', ' ')}  ${action}${details.length > 0 ? `: ${shown(details.join('; '))}` : ''}${undone}`;
}
