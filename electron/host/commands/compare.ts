import { join } from 'node:path';
import type { Command } from 'commander';
import { chance } from '../../contract/chance.ts';
import { explanations, withTools } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { progressLine } from '../progress.ts';
import { count } from '../words.ts';
import { type Chosen, detectorOption, encoderOption, jsonOption, providerOption } from './options.ts';

/** Name of the picture where none is given. */
const EXPLANATION = 'kith-compare.png';

interface CompareOptions extends Chosen {
  /** `true` where no name is given. */
  explain?: string | true;
  pairs?: string;
  root?: string;
  report?: string;
}

export function addCompare(program: Command, end: End): void {
  program
    .command('compare')
    .argument('[a]', 'a photo')
    .argument('[b]', 'another photo')
    .summary('ask whether two photos show one person')
    .description(
      'Compares the largest face of one photo with the largest of another: are they one person? With --pairs, answers that for a whole list and says how often it is right (the protocol of Labeled Faces in the Wild).',
    )
    .addOption(detectorOption())
    .addOption(providerOption())
    .addOption(encoderOption())
    .option(
      '--explain [file]',
      `draw both faces as the encoder saw them, and their distance, as PNG (default: ${EXPLANATION})`,
    )
    .option('--pairs <file>', "a list of pairs in LFW's format", fromHere)
    .option('--root <dir>', 'folder with a subfolder for each person of that list', fromHere)
    .option('--report <dir>', 'write the curves, a table and the hardest pairs of that list', fromHere)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  kith compare anna.jpg beach.jpg
  kith compare anna.jpg beach.jpg --explain anna-beach.png
  kith compare --pairs pairs.txt --root lfw --report lfw-report`,
    )
    .action(
      async (a: string | undefined, b: string | undefined, options: CompareOptions, command: Command) => {
        const { pairs, root, report, explain } = options;
        const isList = pairs !== undefined && root !== undefined && explain === undefined;
        const isPair = pairs === undefined && root === undefined && report === undefined;
        if (isList && a === undefined) {
          end(await comparePairs(pairs, root, options));
        } else if (isPair && a !== undefined && b !== undefined) {
          end(await compareTwo(fromHere(a), fromHere(b), options));
        } else {
          command.error(
            'Expected two photos, or --pairs <file> with --root <dir>; --explain goes with two photos, --report with a list.',
            { exitCode: Exit.refused },
          );
        }
      },
    );
}

async function compareTwo(a: string, b: string, options: CompareOptions): Promise<Exit> {
  const target = explanationOf(options);
  const compared = await withTools(options, async (tools) => {
    if (target === null) return tools.comparePhotos(a, b);
    const { checkExplanation, explainComparison } = await explanations();
    await checkExplanation(target);
    const comparison = await tools.comparePhotos(a, b);
    await explainComparison([a, b], comparison, target);
    return comparison;
  });
  const { chips: _, distances: __, ...result } = compared;
  if (options.json) {
    await printJson(result);
    return Exit.done;
  }
  const { same, probability, distance, threshold, encoder, detector } = result;
  const judged =
    threshold === null || probability === null
      ? ['  not calibrated: nobody has measured yet what the distances of these weights mean']
      : [
          `  threshold τ  ${threshold.toFixed(3)}`,
          `  probability  ${chance(probability)} that they are one person`,
        ];
  await print(
    [
      same === null ? 'No verdict' : same ? 'One person' : 'Two people',
      `  distance     ${distance.toFixed(3)}`,
      ...judged,
      `  encoder      ${encoder}`,
      `  detector     ${detector}`,
      ...(target === null ? [] : [`Picture: ${shown(target)}`]),
    ].join('\n'),
  );
  return Exit.done;
}

function explanationOf({ explain }: CompareOptions): string | null {
  if (explain === undefined) return null;
  return fromHere(explain === true ? EXPLANATION : explain);
}

async function comparePairs(pairs: string, root: string, options: CompareOptions): Promise<Exit> {
  const bar = progressLine('photos');
  const { report } = options;
  const into = report === undefined ? {} : { report };
  const result = await withTools(options, (tools) =>
    interruptible(
      (signal) => tools.comparePairs({ pairs, root, ...into, signal, onProgress: bar.show }),
      () => {
        bar.clear();
        say('Stopping after the photos in hand.');
      },
    ).finally(bar.clear),
  );
  if (options.json) {
    await printJson(result);
    return Exit.done;
  }
  const { accuracy, std, tarAtFar, auc, noFace, detector, encoder } = result;
  await print(
    [
      `${count(result.pairs, 'pair')}, ${detector} and ${encoder}`,
      `  accuracy              ${percent(accuracy)} ± ${percent(std)}`,
      `  TAR at FAR 0.1 %      ${percent(tarAtFar['0.001'])}`,
      `  TAR at FAR 1 %        ${percent(tarAtFar['0.01'])}`,
      `  area under the curve  ${auc.toFixed(4)}`,
      `  pairs without a face  ${noFace}`,
      ...(report === undefined ? [] : [`Report: ${shown(join(report, 'report.md'))}`]),
    ].join('\n'),
  );
  return Exit.done;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
