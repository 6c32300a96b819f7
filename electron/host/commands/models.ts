import type { Command } from 'commander';
import { catalog, type ModelId } from '../../../models/catalog.ts';
import { modelsInUse } from '../../../models/choice.ts';
import { openStore } from '../../../models/store.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { shown } from '../paths.ts';
import { addGetModel } from './models-get.ts';
import { addImportModel } from './models-import.ts';
import { addRemoveModel } from './models-remove.ts';
import { addUseModel } from './models-use.ts';
import { jsonOption } from './options.ts';

export function addModels(program: Command, end: End): void {
  const models = program
    .command('models')
    .summary('say which models are installed; get, import, use or remove one')
    .description('Says which models are installed and which could be, their sizes and their licences.')
    // Holds for the commands below too, which ask for it by optsWithGlobals().
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The bundled models are made on first use, or by "npm run models".

Examples:
  kith models                                the list
  kith models get recommended                download the models that recognise best
  kith models import model.json model.h5     take FaceNet from files of your own
  kith models use dlib                       compare faces with the encoder that comes with Kith`,
    )
    .action(async ({ json }: { json?: boolean }) => end(await listModels(json === true)));
  for (const add of [addGetModel, addImportModel, addUseModel, addRemoveModel]) add(models, end);
}

function wayTo(id: ModelId): string {
  return catalog[id].source.kind === 'own'
    ? '"kith models import" takes it from a file of yours'
    : `"kith models get ${id}" downloads it`;
}

async function listModels(json: boolean): Promise<Exit> {
  const { folders, status } = openStore();
  const [models, inUse] = await Promise.all([status(), modelsInUse()]);
  if (json) {
    await printJson({ models, folders, inUse });
    return Exit.done;
  }
  const widest = Math.max(...models.map(({ id }) => id.length));
  const lines = models.map(({ id, title, bytes, licence, state, path, bundled }) => {
    const where = {
      installed: path === null ? '' : shown(path),
      damaged: `damaged, not used: ${path}`,
      missing: bundled ? 'made on first use' : `not installed; ${wayTo(id)}`,
    }[state];
    const size = bytes === 0 ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
    return `${id.padEnd(widest)}  ${size.padStart(8)}  ${title} (${licence})\n${' '.repeat(widest + 2)}${where}`;
  });
  await print(
    [
      ...lines,
      `Looked for in: ${folders.map(shown).join(', ')}`,
      `In use: detector ${inUse.detector}, encoder ${inUse.encoder} ("kith models use <id>" chooses).`,
    ].join('\n'),
  );
  return Exit.done;
}
