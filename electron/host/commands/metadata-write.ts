import type { Command } from 'commander';
import type { MetadataForm, MetadataPlace, MetadataPreset } from '../../contract/metadata.ts';
import { withKnownLibrary } from '../engine.ts';
import { metadataLines, troubleLines, withMetadataBar } from '../metadata-lines.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere } from '../paths.ts';
import { jsonOption, libraryOption } from './options.ts';
import { placeOption, presetOption } from './options-metadata.ts';

interface Options {
  library?: string;
  into: MetadataPlace;
  preset: MetadataPreset | MetadataForm[];
  sure?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function addMetadataWrite(metadata: Command, end: End): void {
  metadata
    .command('write')
    .argument('<folder>', 'folder with photos that Kith knows', fromHere)
    .summary('write names into sidecars, or into the photos')
    .description(
      'Writes the names that you confirmed into the metadata of the photos of a folder, and takes away what Kith wrote before and is not true any more. What other programs wrote stays. "kith metadata undo" takes it back.',
    )
    .addOption(libraryOption())
    .addOption(placeOption().default('sidecar'))
    .addOption(presetOption().default('everything'))
    .option('--sure', 'also names that Kith gave by itself and is sure of')
    .option('--dry-run', 'only say what would be written, file by file')
    .addOption(jsonOption())
    .action(async (folder: string, options: Options) => end(await write(folder, options)));
}

function write(path: string, options: Options): Promise<Exit> {
  const { into, preset: forms, sure = false, dryRun = false, json = false } = options;
  return withKnownLibrary(options, async (app) => {
    const work = { path, into, forms, sure };
    const outcome = await withMetadataBar(app, (signal) =>
      dryRun ? app.call('metadata.plan', work, { signal }) : app.call('metadata.write', work, { signal }),
    );
    if (json) await printJson(outcome);
    else {
      const lines = metadataLines(outcome, { isDone: !dryRun, isListed: dryRun });
      const { total } = await app.call('people.list', { limit: 1 });
      if (total === 0) lines.push('Nobody has a name yet: "kith tag" gives them.');
      await print([...lines, ...troubleLines(outcome)].join('\n'));
    }
    return outcome.failed.length > 0 ? Exit.incomplete : Exit.done;
  });
}
