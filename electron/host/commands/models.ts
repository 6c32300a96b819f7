import type { Command } from 'commander';
import { openStore } from '../../../models/store.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { shown } from '../paths.ts';
import { jsonOption } from './options.ts';

export function addModels(program: Command, end: End): void {
  program
    .command('models')
    .summary('say which models are installed')
    .description('Says which models are installed and which could be, their sizes and their licences.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The bundled models are made on first use, or by "npm run models"; "npm run models -- <id>" fetches another.`,
    )
    .action(async ({ json }: { json?: boolean }) => end(await listModels(json === true)));
}

async function listModels(json: boolean): Promise<Exit> {
  const { folders, status } = openStore();
  const models = await status();
  if (json) {
    await printJson({ models, folders });
    return Exit.done;
  }
  const widest = Math.max(...models.map(({ id }) => id.length));
  const lines = models.map(({ id, title, bytes, licence, state, path, bundled }) => {
    const where = {
      installed: path === null ? '' : shown(path),
      damaged: `damaged, not used: ${path}`,
      missing: bundled ? 'made on first use' : `not installed; "npm run models -- ${id}" fetches it`,
    }[state];
    return `${id.padEnd(widest)}  ${(bytes / 1e6).toFixed(1).padStart(5)} MB  ${title} (${licence})\n${' '.repeat(widest + 2)}${where}`;
  });
  await print([...lines, `Looked for in: ${folders.map(shown).join(', ')}`].join('\n'));
  return Exit.done;
}
