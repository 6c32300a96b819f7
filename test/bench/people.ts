import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLibrary } from '../../electron/library/open.ts';
import { OWNER_MEMORY } from '../../electron/owner/start.ts';
import { madeLibrary } from '../fixtures/made-library.ts';
import type { MadeEncoder } from '../fixtures/made-vectors.ts';

export interface PeopleSettings {
  file: string;
  faces: number;
  encoder: MadeEncoder;
  full: boolean;
  seed: number;
  /** People who are named by their groups. */
  people: number;
  /** Questions that are answered. */
  answers: number;
}

/** Seconds by the clock, and of processors in all threads of the measured process. */
export interface Time {
  clock: number;
  processor: number;
}

/** Many times: the median, that which 95 % don't exceed, the worst. */
export interface Times {
  count: number;
  median: Time;
  most: Time;
  worst: Time;
}

export interface Measured {
  opened: Time;
  /** The first list after the start. */
  firstList: Time;
  /** Phases after a scan: of all faces the first time, and of those that came later. */
  first: Record<string, Time>;
  later: Record<string, Time>;
  regroup: Time;
  /** Faces that grouping anew would move. */
  moved: number;
  naming: Times;
  largest: { faces: number; time: Time }[];
  single: Times;
  review: Times;
  answers: { yes: number; no: number; one: number; other: number };
  undo: Times;
  lists: Record<string, Times>;
  overview: object;
  /** Bytes: resident set of the process at its largest, all threads. */
  peak: number;
}

/** Faces that come after the others are grouped. */
const LATER = 1000;

/**
 * `npm run bench -- people [--faces 100000] [--encoder facenet-512|dlib] [--full] [--people 300] [--answers 100]`:
 * what Kith promises of a large library, measured on a made one through the application's one door. Prints a table in
 * Markdown and writes out/bench-people.json.
 */
export async function benchPeople(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      faces: { type: 'string', default: '100000' },
      encoder: { type: 'string', default: 'facenet-512' },
      full: { type: 'boolean', default: false },
      people: { type: 'string', default: '300' },
      answers: { type: 'string', default: '100' },
    },
  });
  if (values.encoder !== 'facenet-512' && values.encoder !== 'dlib') {
    throw new RangeError(`Expected facenet-512 or dlib but received ${values.encoder}`);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'kith-bench-'));
  const settings: PeopleSettings = {
    file: join(scratch, 'library.kith'),
    faces: Number(values.faces),
    encoder: values.encoder,
    full: values.full,
    seed: 1,
    people: Number(values.people),
    answers: Number(values.answers),
  };
  try {
    const measured = await measure(settings);
    const report = { machine: machine(), settings, ...measured };
    console.log(table(report));
    const out = resolve(import.meta.dirname, '../../out');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'bench-people.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[1]!,
  };
}

async function measure(settings: PeopleSettings): Promise<Measured & { made: number }> {
  const from = performance.now();
  console.error('Making a library …');
  const made = await madeLibrary(settings);
  const library = openLibrary(settings.file);
  made.fill(library, settings.faces - LATER);
  library.close();
  const seconds = (performance.now() - from) / 1000;

  const child = fork(join(import.meta.dirname, 'people-run.ts'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...OWNER_MEMORY, ...process.env },
  });
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.once('message', () => {
    const again = openLibrary(settings.file);
    made.fill(again, settings.faces);
    again.close();
    child.send('recorded');
  });
  const [status] = await once(child, 'close');
  if (status !== 0)
    throw new Error(`Expected the measured process to end with 0 but it ended with ${status}`);
  return { made: seconds, ...(JSON.parse(stdout) as Measured) };
}

type Report = Awaited<ReturnType<typeof measure>> & {
  settings: PeopleSettings;
  machine: ReturnType<typeof machine>;
};

function table(report: Report): string {
  const { settings, machine: on, lists, naming, single, review, undo } = report;
  const [largest] = report.largest;
  const slowest = Object.entries(lists).toSorted(([, a], [, b]) => b.worst.clock - a.worst.clock);
  const once = (what: string, goal: number | null, time: Time | undefined) =>
    line(what, goal, time?.clock ?? 0, seconds(time?.clock), seconds(time?.processor));
  const often = (what: string, goal: number | null, { median, most, worst, count }: Times, by = worst) =>
    line(
      `${what}, ${count} times: median, 95 %, worst`,
      goal,
      by.clock,
      ...(['clock', 'processor'] as const).map((of) =>
        [median, most, worst].map((time) => seconds(time[of])).join(', '),
      ),
    );
  const memory = `${(report.peak / 1e9).toFixed(2)} GB`;
  return [
    `${settings.faces} made faces whose distances are those of ${settings.encoder}${settings.full ? ', in all dimensions' : ''}; ${naming.count} groups named, then ${report.answers.yes} × yes, ${report.answers.no} × no, ${report.answers.one} × one of two and ${report.answers.other} more names; ${on.cores} cores, ${on.cpu}, Node ${on.node}, load ${on.load.toFixed(1)}`,
    '',
    '| what | goal | by the clock | processors |',
    '|---|---|---|---|',
    once(`naming the largest group, ${largest?.faces} faces, to the ledger`, 1, largest?.time),
    often('naming a group', 1, naming),
    often('naming one face', 1, single),
    often('an answer, to the next question', 0.1, review, review.most),
    often('undo and redo', null, undo),
    once(`grouping ${LATER} new faces`, 5, report.later.grouping),
    once('matching them', null, report.later.matching),
    once('grouping everything, the first time', null, report.first.grouping),
    once('grouping everything anew, to the plan', 120, report.regroup),
    once('opening the library', null, report.opened),
    once('the first list after that', 0.05, report.firstList),
    `| memory at the peak, all threads | < 1.5 GB ${report.peak < 1.5e9 ? '✓' : '✗'} | ${memory} | |`,
    ...slowest.map(([name, times]) => often(name, 0.05, times)),
  ].join('\n');
}

function line(what: string, goal: number | null, reached: number, ...figures: string[]): string {
  const aim = goal === null ? '' : `< ${seconds(goal)} ${reached < goal ? '✓' : '✗'}`;
  return `| ${[what, aim, ...figures].join(' | ')} |`;
}

function seconds(value = Number.NaN): string {
  return value >= 1 ? `${value.toFixed(1)} s` : `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
}
