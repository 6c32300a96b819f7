import type { Command } from 'commander';
import { withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere } from '../paths.ts';
import { count } from '../words.ts';
import { takenLines } from './metadata-read.ts';
import { jsonOption, libraryOption } from './options.ts';

interface Options {
  library?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function addImport(program: Command, end: End): void {
  program
    .command('import')
    .argument('<dir>', 'a record that "kith export <dir> --format jsonl" wrote')
    .summary('take the names and relations of another library')
    .description(
      'Takes the names that people gave in another library, and who is related to whom. Photos are known by their content, wherever they lie now: scan them first ("kith group"). Names that contradict what you said here are listed and left alone. Undo takes all of it back.',
    )
    .addOption(libraryOption())
    .option('--dry-run', 'only say what would be done')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith import ~/Record --dry-run')
    .action(async (dir: string, options: Options) => {
      const { dryRun: dry = false } = options;
      const taken = await withKnownLibrary(options, (app) =>
        app.call('record.import', { path: fromHere(dir), dry }),
      );
      if (options.json) await printJson(taken);
      else {
        const { missing, relations } = taken;
        const lines = takenLines(
          taken,
          dry,
          missing === 0
            ? 'This record has no names that its user gave.'
            : 'None of the photos with names in this record is here; "kith group" scans them.',
        );
        if (missing > 0)
          lines.push(
            `${count(missing, 'photo')} with names ${missing === 1 ? 'is' : 'are'} not in this library.`,
          );
        if (relations.taken > 0)
          lines.push(
            `${count(relations.taken, 'relation')} ${dry ? 'would come' : 'came'} along; "kith family" lists them.`,
          );
        if (relations.left > 0)
          lines.push(
            `${count(relations.left, 'relation')} left out: somebody is not in this library, or something else is said here.`,
          );
        await print(lines.join('\n'));
      }
      end(Exit.done);
    });
}
