import { type Command, InvalidArgumentError, Option } from 'commander';
import { catalog, type Normalisation } from '../../../models/catalog.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';

interface ImportFlags {
  size?: number;
  layout?: 'nchw' | 'nhwc';
  colour?: 'rgb' | 'bgr';
  normalise?: Normalisation;
  json?: boolean;
}

export function addImportModel(models: Command, end: End): void {
  models
    .command('import')
    .argument(
      '<files...>',
      "Keras's model.json and .h5, FaceNet's bare weights (.h5), or its .onnx; or any model of the list",
    )
    .summary('install a model from files of your own')
    .description(
      'Installs FaceNet from files of your own. They are converted, tried out and only then installed; code that is in them never runs. Any model of "kith models" that was downloaded elsewhere is known by its content and installed too. Needs no network.',
    )
    .option('--size <pixels>', 'ONNX: side of the picture that the network takes', wholeNumber)
    .addOption(new Option('--layout <order>', 'ONNX: order of its sides').choices(['nchw', 'nhwc']))
    .addOption(new Option('--colour <order>', 'ONNX: order of its colours').choices(['rgb', 'bgr']))
    .option(
      '--normalise <how>',
      'what goes before the network: "whiten", or mean and spread such as "127.5,128"',
      normalisation,
    )
    .addHelpText(
      'after',
      `
Examples:
  kith models import faceNet/model.json faceNet/model.h5
  kith models import facenet512_weights.h5
  kith models import yunet.onnx
  kith models import facenet.onnx --layout nchw --normalise whiten`,
    )
    .action(async (files: string[], _: unknown, command: Command) =>
      end(await importFiles(files.map(fromHere), command.optsWithGlobals<ImportFlags>())),
    );
}

async function importFiles(files: string[], { size: side, json, ...hints }: ImportFlags): Promise<Exit> {
  const { importModel } = await import('../../../models/import.ts');
  const imported = await importModel(files, { ...hints, ...(side !== undefined && { side }) });
  if (json) {
    await printJson(imported);
    return Exit.done;
  }
  const { id, path, golden } = imported;
  const known = {
    same: '\nIt gives the embedding that the published weights give for a known picture.',
    other: '\nIt works, but these are other weights than the published ones.',
  };
  await print(`Installed ${catalog[id].title}: ${shown(path)}${golden === null ? '' : known[golden]}`);
  return Exit.done;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number of pixels.');
}

function normalisation(text: string): Normalisation {
  if (text === 'whiten') return { kind: 'whiten' };
  const [mean, spread, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (more.length === 0 && Number.isFinite(mean) && Number.isFinite(spread) && spread! > 0)
    return { kind: 'fixed', mean: mean!, spread: spread! };
  throw new InvalidArgumentError('Expected "whiten", or a mean and a spread such as "127.5,128".');
}
