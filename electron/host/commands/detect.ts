import type { Command } from 'commander';
import { outputs, withTools } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { type Chosen, detectorOption, jsonOption, providerOption } from './options.ts';

interface DetectOptions extends Omit<Chosen, 'encoder'> {
  crops?: string;
  annotate?: string;
}

export function addDetect(program: Command, end: End): void {
  program
    .command('detect')
    .argument('<image>', 'one photo')
    .summary('find the faces of one photo')
    .description('Finds the faces of one photo: where they are and how sure that is. Nothing is recorded.')
    .addOption(detectorOption())
    .addOption(providerOption())
    .option('--crops <dir>', 'write each face as a small JPEG', fromHere)
    .option('--annotate <file>', 'write a copy with boxes drawn (.jpg, .png or .webp)', fromHere)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  kith detect party.jpg
  kith detect party.jpg --detector haar --annotate party-haar.jpg
  kith detect party.jpg --crops faces --json`,
    )
    .action(async (image: string, options: DetectOptions) => end(await detect(fromHere(image), options)));
}

async function detect(path: string, options: DetectOptions): Promise<Exit> {
  // Faces are only found, not compared, so the bundled encoder is enough.
  return withTools({ ...options, encoder: 'dlib' }, async (tools) => {
    const { annotateFaces, exportFaces } = await outputs();
    const { crops, ...found } = await tools.detectImage(path);
    if (options.crops !== undefined) await exportFaces(path, found.faces, crops, options.crops);
    if (options.annotate !== undefined) await annotateFaces({ ...found, path }, options.annotate);
    if (options.json) {
      await printJson(found);
      return Exit.done;
    }
    const lines = found.faces.map(({ box: [x, y, width, height], score, quality }, index) => {
      const place = [x, y, width, height].map(Math.round).join(', ');
      return `  ${index + 1}: x, y, width, height = ${place}  score ${score.toFixed(2)}  quality ${quality.toFixed(2)}`;
    });
    await print(
      [
        `${count(found.faces.length, 'face')} in ${shown(path)} (${found.width} × ${found.height}), by ${found.detector}.`,
        ...lines,
        ...(options.crops === undefined ? [] : [`Crops: ${shown(options.crops)}`]),
        ...(options.annotate === undefined ? [] : [`Photo with boxes: ${shown(options.annotate)}`]),
      ].join('\n'),
    );
    return Exit.done;
  });
}
