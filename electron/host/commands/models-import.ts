import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Alignment, catalog, type ModelId, type Normalisation } from '../../../models/catalog.ts';
import { EncoderId } from '../../contract/ids.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';

interface ImportFlags {
  size?: number;
  layout?: 'nchw' | 'nhwc';
  colour?: 'rgb' | 'bgr';
  normalise?: Normalisation;
  align?: Alignment;
  json?: boolean;
}

export function addImportModel(models: Command, end: End): void {
  models
    .command('import')
    .argument(
      '<files...>',
      "Keras's model.json and .h5, FaceNet's bare weights (.h5), or an .onnx; or any model of the list",
    )
    .summary('install a model from files of your own')
    .description(
      'Installs an encoder from files of your own: FaceNet, ArcFace and its like, SFace, or any other that you describe. They are converted, tried out and only then installed; code that is in them never runs. Any model of "kith models" that was downloaded elsewhere is known by its content and installed too. Needs no network.',
    )
    .option('--size <pixels>', 'ONNX: side of the picture that the network takes', wholeNumber)
    .addOption(new Option('--layout <order>', 'ONNX: order of its sides').choices(['nchw', 'nhwc']))
    .addOption(new Option('--colour <order>', 'ONNX: order of its colours').choices(['rgb', 'bgr']))
    .option(
      '--normalise <how>',
      'what goes before the network: "whiten", or mean and spread such as "127.5,128" ("0,1": nothing)',
      normalisation,
    )
    .option(
      '--align <how>',
      'ONNX: how faces are cut out: "five" (upright after five points, as for ArcFace), or the detector\'s box times a number, such as "box,1.1"',
      alignment,
    )
    .addHelpText(
      'after',
      `
Examples:
  kith models import faceNet/model.json faceNet/model.h5
  kith models import facenet512_weights.h5
  kith models import yunet.onnx
  kith models import facenet.onnx --layout nchw --normalise whiten
  kith models import w600k_r50.onnx
  kith models import mine.onnx --align five --normalise 127.5,128 --colour bgr`,
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
  await print(
    [
      `Installed ${catalog[id].title}: ${shown(path)}${golden === null ? '' : known[golden]}`,
      ...(await calibrationHint(id)),
    ].join('\n'),
  );
  return Exit.done;
}

/** What an encoder without a calibration can't do yet. */
async function calibrationHint(model: ModelId): Promise<string[]> {
  const { success, data: id } = EncoderId.safeParse(model);
  if (!success) return [];
  const { calibrationFor } = await import('../../../models/calibration.ts');
  const { encoderKey } = await import('../../../models/encoder.ts');
  const { openStore } = await import('../../../models/store.ts');
  const store = openStore();
  if (calibrationFor(await encoderKey(id, store), store.folders) !== null) return [];
  return [
    `Its distances are not calibrated: "kith compare --encoder ${id}" says them, grouping needs "npm run eval -- calibrate ssd/${id}" first (CONTRIBUTING.md).`,
  ];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number of pixels.');
}

function alignment(text: string): Alignment {
  if (text === 'five') return { kind: 'five-points' };
  const [kind, factor = '1', ...more] = text.split(',');
  const scale = factor.trim() === '' ? Number.NaN : Number(factor);
  if (kind === 'box' && more.length === 0 && scale > 0 && scale <= 4) return { kind: 'box', scale };
  throw new InvalidArgumentError('Expected "five", or "box" and how much larger, such as "box,1.1".');
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
