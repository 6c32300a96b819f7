import type { Command } from 'commander';
import { withKnownLibrary } from '../engine.ts';
import { metadataLines, troubleLines, withMetadataBar } from '../metadata-lines.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { jsonOption, libraryOption } from './options.ts';

interface Options {
  library?: string;
  json?: boolean;
}

export function addMetadataUndo(metadata: Command, end: End): void {
  metadata
    .command('undo')
    .summary('take the last writing of names back')
    .description(
      'Takes the last writing of names back: sidecars that Kith made go, photos and other sidecars are what they were. Where another program changed a file since, only the names go that Kith wrote.',
    )
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async (options: Options) => end(await undo(options)));
}

function undo(options: Options): Promise<Exit> {
  return withKnownLibrary(options, async (app) => {
    const outcome = await withMetadataBar(app, (signal) => app.call('metadata.undo', {}, { signal }));
    const { entry, blockers } = outcome;
    if (options.json) await printJson(outcome);
    else if (blockers.length > 0)
      await print(
        `Nothing was changed: ${blockers.map(({ id, action }) => `${action} (${id})`).join(', ')} came after it; "kith undo --entry" undoes these first.`,
      );
    else if (entry === null && outcome.changes.length === 0) await print('There is nothing to undo.');
    else {
      const lines = metadataLines(outcome, { isDone: true, isListed: false });
      await print([...lines, ...troubleLines(outcome)].join('\n'));
    }
    if (blockers.length > 0) return Exit.refused;
    return outcome.failed.length > 0 ? Exit.incomplete : Exit.done;
  });
}
