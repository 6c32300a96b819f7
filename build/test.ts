/**
 * `npm test`: makes the models, runs every check, every test and the browser suite, and ends with one line that counts
 * them; before it stands which tests needed a second try. `npm test -- <files>` runs only those, by Playwright where they
 * are of `test/browser`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { ensureChromium } from './browser.ts';
import { type PlaywrightReport, playwrightTests, type VitestReport, vitestTests } from './reports.ts';
import { linesOf, readTries, type Tried, withRun, writeTries } from './tries.ts';

const project = resolve(import.meta.dirname, '..');
const bin = join(project, 'node_modules', '.bin');

const CHECKS = [
  ['formatting and lint', 'lint'],
  ['types', 'types'],
  ['arrows between rooms', 'arrows'],
  ['unused code and dependencies', 'unused'],
] as const;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Of those that passed, how many only did when they were tried again. */
  again?: number;
  /** Those that ran. */
  tests: Tried[];
}

/** Runs a command in the project with this very Node first on the path. */
function run(command: string, words: string[], more: NodeJS.ProcessEnv = {}): boolean {
  const { status, error } = spawnSync(command, words, {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ...more },
    shell: process.platform === 'win32',
  });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

/** A suite's counts out of its JSON report; one failure where it wrote none, since it did not run to its end. */
function countsOf(report: string, read: (report: never) => Counts): Counts {
  try {
    return read(JSON.parse(readFileSync(report, 'utf8')) as never);
  } catch {
    console.log('The tests did not run to their end.');
    return { passed: 0, failed: 1, skipped: 0, tests: [] };
  }
}

function runVitest(folder: string, words: string[]): Counts {
  const first = vitest(folder, words);
  if (first.isWhole) return first.counts;
  // Node's own code has ended a process of Vitest's, which leaves the file that ran in it out of the report.
  const lost = words.length > 0 ? words : allTests().filter((path) => !first.files.has(path));
  console.log(`\nA process ended in the midst of a test, so this is run again: ${lost.join(', ')}`);
  const again = vitest(folder, lost, 2);
  if (!again.isWhole || lost.length === 0) {
    return { ...first.counts, failed: first.counts.failed + again.counts.failed + 1 };
  }
  if (words.length > 0) return { ...again.counts, again: again.counts.passed };
  return {
    passed: first.counts.passed + again.counts.passed,
    failed: first.counts.failed + again.counts.failed,
    skipped: first.counts.skipped + again.counts.skipped,
    again: again.counts.passed,
    tests: [...first.counts.tests, ...again.counts.tests],
  };
}

/** The tests that are Vitest's, relative to the project. */
function allTests(): string[] {
  return globSync('test/**/*.test.ts', { cwd: project })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('test/browser/'));
}

/** One run of Vitest. `isWhole`: it ended well, or a test said what failed; `files`: those that it reported. */
function vitest(
  folder: string,
  words: string[],
  tries = 1,
): { counts: Counts; isWhole: boolean; files: ReadonlySet<string> } {
  const file = join(folder, 'vitest.json');
  rmSync(file, { force: true });
  const isGreen = run('vitest', [
    'run',
    '--config=build/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...words,
  ]);
  const files = new Set<string>();
  const counts = countsOf(file, (report: VitestReport) => {
    const { testResults } = report;
    // Tests of a file whose process has ended stay pending; those that are skipped are said to be.
    const ended = testResults.filter((one) =>
      one.assertionResults.every((test) => test.status !== 'pending'),
    );
    for (const { name } of ended) files.add(relative(project, name).replaceAll('\\', '/'));
    const count = (...are: string[]) =>
      ended.flatMap((one) => one.assertionResults).filter(({ status }) => are.includes(status)).length;
    // A file that could not even be loaded has no tests to count, and failed all the same.
    const broken = ended.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
    return {
      passed: count('passed'),
      failed: count('failed') + broken.length,
      skipped: count('skipped', 'todo', 'disabled'),
      tests: vitestTests(report, files, project, tries),
    };
  });
  return { counts, isWhole: isGreen || counts.failed > 0, files };
}

function runBrowser(folder: string, words: string[]): Counts {
  console.log('\n— browser');
  const file = join(folder, 'browser.json');
  const env: NodeJS.ProcessEnv = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  try {
    env.KITH_CHROMIUM = ensureChromium();
  } catch (error) {
    console.log((error as Error).message);
    return { passed: 0, failed: 1, skipped: 0, tests: [] };
  }
  run('playwright', ['test', '--config=build/playwright.config.ts', '--reporter=list,json', ...words], env);
  return countsOf(file, (report: PlaywrightReport) => {
    const { stats, errors } = report;
    return {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
      skipped: stats.skipped,
      again: stats.flaky,
      tests: playwrightTests(report, 'test/browser/'),
    };
  });
}

/** Keeps how often each test was tried, and says which needed more than one try. */
function countTries(tests: Tried[], isWhole: boolean): void {
  const file = join(project, 'out', 'tries.json');
  const tries = withRun(readTries(file), tests, isWhole);
  writeTries(file, tries);
  for (const line of linesOf(tests, tries)) console.log(line);
}

function main(words: string[]): boolean {
  if (process.env.KITH_SHARED === undefined) {
    console.log('KITH_SHARED is not set: tests on the shared photos and faces are skipped.');
  }
  if (!run('node', ['models/main.ts'])) return false;

  const failedChecks = CHECKS.filter(([name, script]) => {
    console.log(`\n— ${name}`);
    return !run('npm', ['run', '--silent', script]);
  }).map(([name]) => name);

  const folder = mkdtempSync(join(tmpdir(), 'kith-test-'));
  const browser = words.filter((word) => word.includes('test/browser'));
  const others = words.filter((word) => !browser.includes(word));
  const counts = [
    ...(words.length === 0 || others.length > 0 ? [runVitest(folder, others)] : []),
    ...(words.length === 0 || browser.length > 0 ? [runBrowser(folder, browser)] : []),
  ];
  rmSync(folder, { recursive: true, force: true });

  if (failedChecks.length > 0) console.log(`Checks that failed: ${failedChecks.join(', ')}.`);
  console.log();
  countTries(
    counts.flatMap(({ tests }) => tests),
    words.length === 0,
  );
  const sum = (of: Exclude<keyof Counts, 'tests'>) => counts.reduce((all, one) => all + (one[of] ?? 0), 0);
  const again = sum('again') > 0 ? ` (${sum('again')} only at the second try)` : '';
  const failed = sum('failed') + failedChecks.length;
  console.log(`${sum('passed')} passed${again}, ${failed} failed, ${sum('skipped')} skipped`);
  return failed === 0;
}

process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
