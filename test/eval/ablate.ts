import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { difference, type Figure, figures, summed } from './paired.ts';
import { runTrial, type TrialResult, type TrialTask } from './trial.ts';

/** A part of the engine, how it is switched off, and the files that it would save. */
interface Part {
  name: string;
  constants?: Readonly<Record<string, string>>;
  task?: Pick<TrialTask, 'baseline' | 'learns'>;
  files?: readonly string[];
}

const NEVER = '1e6';

const parts: readonly Part[] = [
  {
    name: 'without the alignment of ages',
    constants: { AGE_ALIGNMENT: '0' },
    files: ['age-alignment.ts'],
  },
  {
    name: 'without score normalisation',
    constants: { NORMALISATION_STRENGTH: '0' },
    files: ['score-normalisation.ts'],
  },
  {
    name: 'without lenience in sparse neighbourhoods',
    constants: { MOST_LENIENCE: '0' },
  },
  { name: 'without minimax paths', constants: { PATH_WEIGHT: '0' }, files: ['minimax-paths.ts'] },
  {
    name: 'without cluster consensus',
    constants: { CONSENSUS_WEIGHT: '0' },
    files: ['cluster-consensus.ts'],
  },
  {
    name: 'without self-calibration',
    constants: { MOST_CALIBRATION_SHIFT: '0' },
    files: ['self-calibrate.ts', 'known-pairs.ts', 'pair-weights.ts'],
  },
  {
    name: 'without cluster suggestions',
    constants: { LEAST_SUGGESTED: NEVER },
    files: ['cluster-suggestions.ts'],
  },
  { name: 'without bisecting split', constants: { ASHMAN_D: NEVER }, files: ['bisecting-split.ts'] },
  {
    name: 'without quality penalties',
    constants: { QUALITY_PENALTY: '0', MOST_QUALITY_PENALTY: '0' },
  },
  { name: 'without the tie of two people', constants: { TIE_STEEPNESS: '1e6' } },
  { name: 'without near people', constants: { NEAR_EVIDENCE: NEVER }, files: ['near-people.ts'] },
  { name: 'without versions', constants: { VERSION_EVIDENCE: NEVER }, files: ['versions.ts'] },
  {
    name: 'with a learned metric (triplet loss)',
    task: { learns: true },
    files: [
      ...['adam.ts', 'held-out.ts', 'learn.ts', 'learn-from.ts', 'metric-gradient.ts', 'metric-loss.ts'],
      ...['metric-trial.ts', 'pair-cllr.ts', 'projection.ts'],
    ],
  },
  { name: 'baseline: nearest example', task: { baseline: 'nearest example' } },
  { name: 'baseline: class mean, top 3, isotonic', task: { baseline: 'class mean, top 3, isotonic' } },
];

/** Which figures are shown of which set of faces. */
const columns: readonly (readonly [set: string, figure: Figure])[] = [
  ['adults', 'rank-1'],
  ['adults', 'DIR'],
  ['adults', 'sure, right'],
  ['adults', 'sure, found'],
  ['adults', 'B-cubed'],
  ['adults, several examples', 'DIR'],
  ['adults, several examples', 'sure, found'],
  ['one example of each age', 'DIR'],
  ['one example of each age', 'sure, found'],
  ['children', 'DIR'],
  ['children', 'sure, right'],
  ['children', 'B-cubed'],
  ['album', 'B-cubed'],
];

/**
 * What each part of the engine is worth: figures of the whole, and by how much each differs without the part, in points,
 * with the 95 % interval over people; beside two baselines. Bold: more than chance.
 *
 * @param answers whether an album is answered in each trial, which takes a minute each
 * @returns a table in Markdown
 */
export async function ablate(
  by: { detector: DetectorId; encoder: EncoderId },
  work: { out: string; answers: boolean; onPart: (name: string) => void },
): Promise<string> {
  const { out, answers, onPart } = work;
  const task: TrialTask = { ...by, out, answers };
  onPart('the whole engine');
  const whole = await runTrial(task);
  const rows = [
    ['the whole engine', ...columns.map(([set, figure]) => shareOf(whole, set, figure)), ...costs(whole), ''],
  ];
  for (const part of parts) {
    onPart(part.name);
    const isBaseline = part.task?.baseline !== undefined;
    const trial = await runTrial({ ...task, ...part.task, answers: answers && !isBaseline }, part.constants);
    rows.push([
      part.name,
      ...columns.map(([set, figure]) => changeOf(whole, trial, set, figure)),
      ...costs(trial),
      part.files ? String(linesOf(part.files)) : '',
    ]);
  }
  const heads = columns.map(([set, figure]) => `${set}: ${figure}`);
  const head = ['', ...heads, 'grouping + matching, s', 'answers to 80 / 95 %', 'lines'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function shareOf({ sets }: TrialResult, set: string, figure: Figure): string {
  return `${(100 * figures[figure](summed(sets[set]!.people))).toFixed(2)} %`;
}

function changeOf(whole: TrialResult, trial: TrialResult, set: string, figure: Figure): string {
  const [before, after] = [whole.sets[set]!.people, trial.sets[set]!.people];
  const { right, wrong } = summed(after);
  // Without any name there is no precision.
  if (figure === 'sure, right' && right + wrong === 0) return 'none named';
  const { mean, low, high } = difference(before, after, figure);
  if (mean === 0 && low === 0 && high === 0) return '0';
  const points = (value: number) => `${value > 0 ? '+' : '−'}${Math.abs(100 * value).toFixed(2)}`;
  const text = `${points(mean)} (${points(low)} to ${points(high)})`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

/** Seconds of all adults, and what an album takes. */
function costs({ sets, answers }: TrialResult): [string, string] {
  const { grouping, matching } = sets.adults!;
  const shown = answers ? answers.map((count) => count ?? 'never').join(' / ') : '';
  return [`${(grouping / 1000).toFixed(1)} + ${(matching / 1000).toFixed(1)}`, shown];
}

function linesOf(files: readonly string[]): number {
  const folder = resolve(import.meta.dirname, '../../electron/grouping');
  return files.reduce(
    (sum, file) => sum + readFileSync(join(folder, file), 'utf8').split('\n').length - 1,
    0,
  );
}
