import type { Command } from 'commander';
import type { CalibrationCard, ImpureCluster, RegroupPlan } from '../../contract/screens.ts';
import { canAsk, confirm } from '../confirm.ts';
import { withKnownLibrary } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { fromHere } from '../paths.ts';
import { count } from '../words.ts';
import { jsonOption } from './options.ts';

interface Options {
  library?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function addRegroup(program: Command, end: End): void {
  program
    .command('regroup')
    .summary('group all faces of a library anew')
    .description(
      'Groups all faces of a library anew, by all that is known by now. Says first what would change, and asks; every name and every "not Anna" stays. Undo brings the former groups back.',
    )
    .option('--library <file>', 'where the record is kept (default: in your data folder)', fromHere)
    .option('--dry-run', 'only say what would change')
    .option('--yes', 'do it without asking')
    .addOption(jsonOption())
    .action(async (options: Options) => end(await regroup(options)));
}

function regroup(options: Options): Promise<Exit> {
  return withKnownLibrary(options, async (app) => {
    const { id, ...plan } = await interruptible(
      (signal) => app.call('groups.plan', {}, { signal }),
      () => {},
    );
    const calibration = await app.call('calibration.get', {});
    const lines = [...changes(plan), ...plan.mixed.map(mixed), calibrated(calibration)];
    const isSame = plan.moved === 0;
    if (options.dryRun || isSame) {
      if (options.json) await printJson({ ...plan, calibration, done: false, entry: null });
      else await print(lines.join('\n'));
      return Exit.done;
    }
    if (!options.yes) {
      (options.json ? say : print)(lines.join('\n'));
      if (!canAsk()) {
        say('Nothing was changed: Kith asks first, and here is nobody to be asked. Run it with --yes.');
        return Exit.refused;
      }
      if (!(await confirm('Group them anew?'))) {
        say('Nothing was changed.');
        return Exit.done;
      }
    }
    // The record may have changed while Kith waited at the prompt: then nothing is done.
    const { entry } = await app.call('groups.regroup', { plan: id });
    if (options.json) await printJson({ ...plan, calibration, done: true, entry });
    else await print([...(options.yes ? lines : []), 'Done. "kith undo" takes it back.'].join('\n'));
    return Exit.done;
  });
}

function changes({ moved, merged, split }: Omit<RegroupPlan, 'id'>): string[] {
  if (moved === 0) return ['Nothing would change: the groups are as they would be made today.'];
  return [
    `${count(moved, 'face')} would be with others than now: ${count(merged, 'group')} would go up in another, ${count(split, 'group')} would fall apart. Names stay.`,
  ];
}

/** One group that shows two people. */
function mixed({ group, why, parts }: ImpureCluster): string {
  const sizes = parts.map(({ size }) => size).join(' and ');
  const words: Record<ImpureCluster['why'], string> = {
    'one-photo': 'has two faces of one photo',
    'two-names': 'has faces of two names',
    apart: `looks like ${parts.length} people, of ${sizes} faces`,
  };
  return `Group ${group} ${words[why]}.`;
}

/** The library's own calibration of the encoder, in one line. */
function calibrated({ encoder, state, pairs, shift, error, oneIn }: CalibrationCard): string {
  const known = `${count(pairs.photo, 'pair')} of one photo, ${pairs.burst} of bursts, ${pairs.hand} named by hand`;
  const words: Record<CalibrationCard['state'], string> = {
    few: 'too few to calibrate by, so what is known of the encoder holds',
    noise: 'they agree with what is known of the encoder',
    unmeasured: 'nothing to hold them against for this encoder',
    shifted: `the bound moves by ${shift.toFixed(3)} ± ${error.toFixed(3)}`,
    bounded: `the bound moves by ${shift.toFixed(3)} ± ${error.toFixed(3)}, as far as it may`,
  };
  return `Distances (${encoder}): ${known}: ${words[state]}. At the bound, 1 pair in ${Math.round(oneIn).toLocaleString('en')} would be two people.`;
}
