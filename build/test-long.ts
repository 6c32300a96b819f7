/**
 * `npm run test:long`: what `npm test` does a few times, many times over: random sequences, kills, full disks, random
 * requests. Two jobs run at once; ends with a table. `KITH_SEED` begins elsewhere; words choose jobs by their names.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');

const SEED = Number(process.env.KITH_SEED ?? 1);

/** Jobs at once: each keeps about one core busy. */
const AT_ONCE = 2;

const SEQUENCES = 1000;
const STEPS = 100;
const HISTORIES = 1000;
const KILLS = '200';
const METADATA_KILLS = '50';
const FULL_DISKS = '20';

interface Job {
  name: string;
  /** What is done how often, for the table. */
  what: string;
  files: string[];
  env: Record<string, string>;
}

/** Sequences in two halves, so that two cores are used to the end. */
const half = (name: string, at: number): Job => ({
  name,
  what: `${SEQUENCES / 2} sequences of ${STEPS}`,
  files: ['test/long/sequences.test.ts'],
  env: {
    KITH_SEED: String(SEED + (at * SEQUENCES) / 2),
    KITH_SEQUENCES: String(SEQUENCES / 2),
    KITH_STEPS: String(STEPS),
  },
});

const JOBS: Job[] = [
  half('sequences-1', 0),
  half('sequences-2', 1),
  {
    name: 'undo',
    what: `${HISTORIES} histories that are undone and redone by entry`,
    files: ['test/service/undo-histories.test.ts'],
    env: { KITH_RUNS: String(HISTORIES) },
  },
  {
    name: 'kills',
    what: `${KILLS} kills of owner, vision, host and command line, and as many in the phases of a scan`,
    files: ['test/long/kills.test.ts', 'test/long/phases.test.ts'],
    env: { KITH_KILLS: KILLS },
  },
  {
    name: 'metadata',
    what: `${METADATA_KILLS} kills of a writing of names, into files and into sidecars each`,
    files: ['test/metadata/kill.test.ts'],
    env: { KITH_KILLS: METADATA_KILLS, KITH_SEED: String(SEED) },
  },
  {
    name: 'copies',
    what: `${KILLS} kills and ${FULL_DISKS} full disks amid copies and exports`,
    files: [
      'test/service/copies-killed.test.ts',
      'test/service/copies-full.test.ts',
      'test/service/export-kill.test.ts',
    ],
    env: { KITH_KILLS: KILLS, KITH_DISKS: FULL_DISKS },
  },
  {
    name: 'disks',
    what: `${FULL_DISKS} full disks amid commands and scans`,
    files: ['test/long/full-disk.test.ts'],
    env: { KITH_DISKS: FULL_DISKS },
  },
  {
    name: 'requests',
    what: '100,000 random requests',
    files: ['test/e2e/random-requests.test.ts'],
    env: { KITH_LONG: '1' },
  },
];

interface Result {
  job: Job;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

async function run(job: Job, folder: string): Promise<Result> {
  const report = join(folder, `${job.name}.json`);
  const begin = performance.now();
  const words = [
    'run',
    '--config=build/vitest.config.ts',
    '--maxWorkers=1',
    '--reporter=default',
    '--reporter=json',
  ];
  const child = spawn(
    process.execPath,
    [
      resolve(project, 'node_modules/vitest/vitest.mjs'),
      ...words,
      `--outputFile.json=${report}`,
      ...job.files,
    ],
    {
      cwd: project,
      stdio: 'inherit',
      env: { ...process.env, KITH_SEED: String(SEED), ...job.env },
    },
  );
  await new Promise((done) => child.once('close', done));
  return { job, ...countsOf(report), seconds: (performance.now() - begin) / 1000 };
}

/** One failure where there is no report: the job did not run to its end. */
function countsOf(report: string): { passed: number; failed: number; skipped: number } {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number> & { success: boolean };
    const failed = Math.max(counts.numFailedTests!, counts.success ? 0 : 1);
    return { passed: counts.numPassedTests!, failed, skipped: counts.numPendingTests! };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(words: string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-long-'));
  const waiting = JOBS.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)),
  );
  const results: Result[] = [];
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      results.push(await run(job, folder));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  rmSync(folder, { recursive: true });
  console.log(`\nFrom seed ${SEED}:`);
  console.table(
    results.map(({ job, seconds, ...counts }) => ({
      what: job.what,
      ...counts,
      seconds: Math.round(seconds),
    })),
  );
  return results.every(({ failed }) => failed === 0);
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
