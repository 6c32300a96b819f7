import type { Command } from 'commander';
import { catalog, type ModelId } from '../../../models/catalog.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { shown } from '../paths.ts';
import { modelId } from './options.ts';

export function addRemoveModel(models: Command, end: End): void {
  models
    .command('remove')
    .argument('<id>', 'a model that was downloaded or imported', modelId)
    .summary('remove a model that was downloaded or imported')
    .description(
      'Removes a model that was downloaded or imported, and what has come of a download. Bundled models stay, and what is installed besides is used from then on; libraries are left as they are.',
    )
    .action(async (id: ModelId, _: unknown, command: Command) =>
      end(await remove(id, command.optsWithGlobals<{ json?: boolean }>().json === true)),
    );
}

async function remove(id: ModelId, json: boolean): Promise<Exit> {
  const { removeModel } = await import('../../../models/remove.ts');
  const removed = await removeModel(id);
  const { forgetChoice } = await import('../../../models/choice.ts');
  await forgetChoice(id);
  if (json) await printJson({ id, removed });
  else await print(`Removed ${catalog[id].title}: ${removed.map(shown).join(', ')}`);
  return Exit.done;
}
