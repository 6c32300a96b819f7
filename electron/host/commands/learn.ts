import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Learning, LossName } from '../../contract/learning.ts';
import { withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { count } from '../words.ts';
import { jsonOption } from './options.ts';

interface LearnOptions {
  library?: string;
  loss: LossName;
  report?: string;
  forget?: boolean;
  json?: boolean;
}

const VERDICTS: Record<Learning['reason'], string> = {
  better:
    'Adopted: grouping and matching see faces by it from now on. "kith learn --forget" or "kith undo" takes it back.',
  'not-better':
    'Dropped: on faces that were held back it is not better by more than chance, or by too little to matter.',
  'fewer-accepted': 'Dropped: on faces that were held back it finds fewer at a false accept rate of 1 %.',
  'labels-disagree':
    'Dropped: faces of one name are not like each other, by whatever metric. Look through the names for wrong ones.',
};

export function addLearn(program: Command, end: End): void {
  program
    .command('learn')
    .summary('learn a better metric from confirmed faces')
    .description(
      'Learns from the faces that you have named how to tell these people apart better, and says by faces that were held back whether it does. It is in use from then on only if it does, by more than chance.',
    )
    .option('--library <file>', 'where the record is kept (default: in your data folder)', fromHere)
    .addOption(
      new Option('--loss <name>', 'what it is trained by').choices(LossName.options).default('triplet'),
    )
    .option('--report <dir>', 'write the loss curve, distances before and after, and a summary', fromHere)
    .addOption(new Option('--forget', "go back to the encoder's own metric").conflicts(['report', 'loss']))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith learn --report learned')
    .action(async (options: LearnOptions) => {
      if (options.forget) await forget(options);
      else await learn(options);
      end(Exit.done);
    });
}

async function learn({ loss, report, json, ...options }: LearnOptions): Promise<void> {
  const into = report === undefined ? {} : { report };
  const learned = await withKnownLibrary(options, async (app) => {
    if (!json) say('Learning, six times over; that takes some seconds.');
    return app.call('learn.run', { loss, ...into });
  });
  if (json) await printJson(learned);
  else {
    const lines = [...figures(learned), ...(report === undefined ? [] : [reportLine(report)])];
    await print(lines.join('\n'));
  }
}

async function forget({ json, ...options }: LearnOptions): Promise<void> {
  const { forgotten } = await withKnownLibrary(options, (app) => app.call('learn.forget', {}));
  if (json) await printJson({ forgotten });
  else {
    await print(
      forgotten ? 'Forgotten: faces are seen as the encoder has them.' : 'There is nothing to forget.',
    );
  }
}

function figures(learned: Learning): string[] {
  const { faces, people, loss, encoder, seconds, before, after, gain, reason } = learned;
  const change = (from: number, to: number) => `${percent(from)} → ${percent(to)}`;
  return [
    `${count(faces, 'confirmed face')} of ${people} people, ${loss} loss, ${encoder}, ${seconds.toFixed(1)} s`,
    `  doubt left        ${change(before.doubt, after.doubt)}`,
    `  taken away        ${percent(gain.mean)}, between ${percent(gain.low)} and ${percent(gain.high)} with 95 %`,
    `  TAR at FAR 0.1 %  ${change(before.tarAtFar['0.001'], after.tarAtFar['0.001'])}`,
    `  TAR at FAR 1 %    ${change(before.tarAtFar['0.01'], after.tarAtFar['0.01'])}`,
    VERDICTS[reason],
  ];
}

function reportLine(report: string): string {
  return `Report: ${shown(join(report, 'report.md'))}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
