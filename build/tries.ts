/**
 * How often each test had to be tried in its last runs. A test that passes at its second try hides a race, so a run says
 * which did, and how often they did before. The counts lie in `out/`, beside the pictures that tests leave there.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One test of a run. */
export interface Tried {
  /** Its file, relative to the project, and its titles: `test/unit/crop.test.ts › cuts a square`. */
  name: string;
  /** 1 or more. */
  tries: number;
}

/** Tries of each test in its last runs, by name, the latest last. */
export type Tries = Record<string, number[]>;

/** Runs of each test that are kept. Chosen by hand: a race that shows once in ten is seen in them. */
export const KEPT_RUNS = 20;

/** Stands between a test's file and its titles. */
export const SPLIT = ' › ';

/** What former runs say; nothing where there were none, or where the file is damaged. */
export function readTries(file: string): Tries {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tries;
  } catch {
    return {};
  }
}

export function writeTries(file: string, tries: Tries): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(tries)}\n`);
}

/**
 * Adds a run.
 *
 * @param isWhole whether all tests ran: those that were not among them are forgotten
 */
export function withRun(former: Tries, tests: readonly Tried[], isWhole: boolean): Tries {
  const kept: Tries = isWhole ? {} : { ...former };
  for (const { name, tries } of tests) kept[name] = [...(former[name] ?? []), tries].slice(-KEPT_RUNS);
  return kept;
}

/**
 * What a run says in its last lines of the tests that needed more than one try in it. Where a process ended, all tests of
 * its file did: that is one line.
 *
 * @param tries with this run
 * @returns no line where each passed, or failed, at the first
 */
export function linesOf(tests: readonly Tried[], tries: Tries): string[] {
  const byFile = Map.groupBy(
    tests.filter((test) => test.tries > 1),
    ({ name }) => name.split(SPLIT)[0]!,
  );
  if (byFile.size === 0) return [];
  return [
    'Needed a second try, which hides a race: mend its cause.',
    ...[...byFile].map(([file, again]) => {
      const [{ name }] = again as [Tried];
      const runs = tries[name] ?? [];
      const what = again.length === 1 ? name : `${again.length} tests of ${file}`;
      return `  ${what} (in ${runs.filter((count) => count > 1).length} of the last ${runs.length} runs)`;
    }),
  ];
}
