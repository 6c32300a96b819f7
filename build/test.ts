/** `npm test`: makes the models, runs every check and every test, and ends with one line that counts them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

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
}

/** Runs a command in the project with this very Node first on the path. */
function run(command: string, words: string[]): boolean {
  const { status, error } = spawnSync(command, words, {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    shell: process.platform === 'win32',
  });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

/** What vitest's JSON report counts; null when it wrote none. */
function readCounts(report: string): Counts | null {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that could not even be loaded has no tests to count, and failed all the same.
    const broken = testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests + (numTodoTests ?? 0),
    };
  } catch {
    return null;
  }
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
  const report = join(folder, 'report.json');
  const green = run('vitest', [
    'run',
    '--config=build/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...words,
  ]);
  const counts = readCounts(report);
  rmSync(folder, { recursive: true, force: true });

  if (failedChecks.length > 0) console.log(`Checks that failed: ${failedChecks.join(', ')}.`);
  if (counts === null) {
    console.log('The tests did not run to their end.');
    return false;
  }
  const failed = counts.failed + failedChecks.length;
  console.log(`\n${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
  return green && failed === 0;
}

process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
