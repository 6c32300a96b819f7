import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';

/** What one run of the engine is measured with. */
export interface TrialTask {
  detector: DetectorId;
  encoder: EncoderId;
  /** Where evaluations keep their libraries. */
  out: string;
  /** Faces are matched by other means than the engine's: see baselines.ts. */
  baseline?: 'nearest example' | 'class mean, top 3, isotonic';
  /** Whether a metric is learned from the examples where there are several. */
  learns?: boolean;
  /** Whether an album is answered too, which takes a minute. */
  answers?: boolean;
}

/** What became of one person's faces; of a stranger's, that one is never found. */
export interface PersonTally {
  probes: number;
  /** Probes whose likeliest person is the right one. */
  first: number;
  /** Those that are found where 1 in 100 strangers is taken for somebody. */
  identified: number;
  /** Faces of this person with a *sure* name, right and wrong ones. */
  right: number;
  wrong: number;
  /** B-cubed precision and recall of the person's faces in the groups, summed up, and how many faces. */
  precision: number;
  recall: number;
  faces: number;
}

/** One set of faces: entry i of `people` is the same person in every trial of the same models. */
export interface TrialSet {
  people: PersonTally[];
  /** Milliseconds for grouping and for matching. */
  grouping: number;
  matching: number;
}

export interface TrialResult {
  sets: Record<string, TrialSet>;
  /** Answers to 80 and 95 % of an album's faces; null: never. */
  answers: [number | null, number | null] | null;
}

/**
 * Runs the engine in a process of its own, with other constants than it has.
 *
 * @param constants by name, as TypeScript; none: the engine as it is
 * @throws Error where the process fails
 */
export async function runTrial(
  task: TrialTask,
  constants: Readonly<Record<string, string>> = {},
): Promise<TrialResult> {
  const child = fork(join(import.meta.dirname, 'trial-run.ts'), [JSON.stringify(task)], {
    execArgv: ['--import', new URL('./override.ts', import.meta.url).href],
    env: { ...process.env, KITH_EVAL_CONSTANTS: JSON.stringify(constants) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let result: TrialResult | undefined;
  child.once('message', (message) => {
    result = message as TrialResult;
  });
  const [status] = await once(child, 'close');
  if (status !== 0 || !result) throw new Error(`Expected a trial to end with 0 but it ended with ${status}`);
  return result;
}
