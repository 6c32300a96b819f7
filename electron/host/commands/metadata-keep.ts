import type { Command } from 'commander';
import type {
  MetadataChoices,
  MetadataForm,
  MetadataPlace,
  MetadataPreset,
} from '../../contract/metadata.ts';
import type { App } from '../../service/app/app.ts';
import { withKnownLibrary } from '../engine.ts';
import { metadataLines, troubleLines, withMetadataBar } from '../metadata-lines.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { jsonOption, libraryOption } from './options.ts';
import { placeOption, presetOption } from './options-metadata.ts';

interface Options {
  library?: string;
  into?: MetadataPlace;
  preset?: MetadataPreset | MetadataForm[];
  sure?: boolean;
  off?: boolean;
  json?: boolean;
}

export function addMetadataKeep(metadata: Command, end: End): void {
  metadata
    .command('keep')
    .argument('<folder>', 'folder of the library', fromHere)
    .summary('keep the names in the metadata up to date, or no longer')
    .description(
      'Writes the names as "kith metadata write" does, and from now on after each change: in the background while the app or "kith open" runs, and at the end of each other command, for some seconds at most. Run it again to write what is left, or with other options to change them. The history has no entry of it.',
    )
    .addOption(libraryOption())
    .addOption(placeOption())
    .addOption(presetOption())
    .option('--sure', 'also names that Kith gave by itself and is sure of')
    .option('--no-sure', 'only names that you confirmed')
    .option('--off', 'keep them up to date no longer; what is written stays')
    .addOption(jsonOption())
    .action(async (folder: string, options: Options) => end(await keep(folder, options)));
}

function keep(path: string, options: Options): Promise<Exit> {
  return withKnownLibrary(options, async (app) => {
    const choices = options.off ? null : await chosen(app, path, options);
    const { folder, entry } = await app.call('metadata.keep', { path, choices });
    if (choices === null) {
      if (options.json) await printJson({ folder, entry, outcome: null });
      else {
        const back = entry === null ? '' : ' The names stay in them; "kith metadata undo" takes them out.';
        await print(`The names in the photos of ${shown(folder.path)} are not kept up to date.${back}`);
      }
      return Exit.done;
    }
    const outcome = await withMetadataBar(app, (signal) =>
      app.call('metadata.write', { path: folder.path, ...choices }, { signal }),
    );
    if (options.json) await printJson({ folder, entry, outcome });
    else {
      const lines = metadataLines(outcome, { isDone: true, isListed: false });
      await print(
        [
          `The names in the photos of ${shown(folder.path)} are kept up to date.`,
          ...lines,
          ...troubleLines(outcome),
        ].join('\n'),
      );
    }
    return outcome.failed.length > 0 ? Exit.incomplete : Exit.done;
  });
}

/** What was not said stays as it is kept. */
async function chosen(app: App, path: string, { into, preset, sure }: Options): Promise<MetadataChoices> {
  const { folders } = await app.call('metadata.kept', {});
  const kept = folders.find((folder) => folder.path === path)?.keeps?.choices;
  return {
    into: into ?? kept?.into ?? 'sidecar',
    forms: preset ?? kept?.forms ?? 'everything',
    sure: sure ?? kept?.sure ?? false,
  };
}
