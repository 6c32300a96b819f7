import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ErrorCode, KithError } from '../../electron/contract/errors.ts';
import { events, type LogEvent } from '../../electron/log/events.ts';
import { logFile, logFiles, MOST_BYTES, MOST_FILES } from '../../electron/log/file.ts';
import { lastLines } from '../../electron/log/tail.ts';
import { traceOf } from '../../electron/log/trace.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures');

let folder: string;
/** The log of a process that has just begun: each test has a file, and a module, of its own. */
let log: typeof import('../../electron/log/log.ts').log;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-log-'));
  vi.stubEnv('KITH_LOG', join(folder, 'of', 'kith'));
  vi.resetModules();
  const opened = await import('../../electron/log/log.ts');
  opened.openLog('owner');
  log = opened.log;
});
afterEach(() => {
  vi.unstubAllEnvs();
  if (existsSync(folder)) chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const lines = (file = logFile()) => readFileSync(file, 'utf8').trimEnd().split('\n');
const fill = (bytes: number) => {
  mkdirSync(join(folder, 'of', 'kith'), { recursive: true });
  writeFileSync(logFile(), `${'x'.repeat(99)}\n`.repeat(bytes / 100));
};

describe('A line of the log', () => {
  it('says when, who and what, in one line', () => {
    log.note('scan.phase', { phase: 'grouping', seconds: 1.23456, done: 3, total: 4 });
    expect(lines()).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z owner\/\d+ scan\.phase phase=grouping seconds=1\.235 done=3 total=4$/,
      ),
    ]);
  });

  it('takes no text, by its types', () => {
    const name: string = 'Anna';
    // @ts-expect-error a text is no word of a closed list
    log.note('scan.phase', { phase: name, seconds: 1, done: 0, total: 0 });
    // @ts-expect-error nothing may be added
    log.note('peer.refused', { path: '/home/anna' });
    expect(readFileSync(logFile(), 'utf8')).not.toMatch(/anna/i);
    expect(lines()).toHaveLength(2);
  });

  it('has no field that a free text would fit into', () => {
    const texts = [
      'Anna',
      '/home/anna/Photos',
      'Anna Müller.jpg',
      'anna',
      'C:\\Users\\anna',
      '1.2.3/anna',
      '',
    ];
    for (const [event, schema] of Object.entries(events)) {
      for (const [field, type] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
        for (const text of texts) {
          expect(type.safeParse(text).success, `${event} ${field} takes "${text}"`).toBe(false);
        }
      }
    }
  });

  it('is not written by a process that has not opened the log', async () => {
    vi.resetModules();
    const other = await import('../../electron/log/log.ts');
    other.log.note('peer.refused', {});
    expect(existsSync(logFile())).toBe(false);
  });
});

describe('What the log keeps of an error', () => {
  it('is its code or class, its cause, and where in the sources it comes from', () => {
    let thrown: unknown;
    try {
      z.enum(['a']).parse('b');
    } catch (error) {
      thrown = error;
    }
    expect(traceOf(thrown)).toMatch(/^ZodError/);
    const full = Object.assign(new Error("ENOSPC: no space left, write '/home/anna/x'"), { code: 'ENOSPC' });
    const failed = new KithError('disk-full', '/home/anna/x', { cause: full });
    failed.stack = `${failed.message}\n    at save (${resolve('electron/library/database.ts')}:12:5)\n    at /home/anna/script.ts:1:1`;
    expect(traceOf(failed)).toBe('disk-full at database.ts:12:5 cause Error/ENOSPC');
  });

  it('finds the sources in a real trace', async () => {
    const { newAddress } = await import('../../electron/owner/address.ts');
    vi.stubEnv('TMPDIR', join(folder, 'not there'));
    let thrown: unknown;
    try {
      newAddress();
    } catch (error) {
      thrown = error;
    }
    expect(traceOf(thrown)).toMatch(/^Error\/ENOENT at address\.ts:\d+:\d+$/);
  });

  const secret = fc.oneof(
    fc.constantFrom(
      'Anna Müller',
      '/home/anna/Photos/2019/Anna.jpg',
      'C:\\Users\\anna\\Anna.heic',
      'file:///anna',
    ),
    fc.constant(`    at anna (${resolve('electron/library/anna.ts')}:1:1)`),
    fc.constant(`\n    at anna (${resolve('electron')}/anna/photo.ts:1:1)`),
    fc.string().map((text) => `anna${text}anna`),
  );
  const names = fc.constantFrom('name', 'code', 'errcode', 'message', 'detail', 'path', 'stack', 'syscall');

  it('never is a path, a name or a message, whatever is thrown', () => {
    const told = fc.record({
      kind: fc.constantFrom(
        'Error',
        'TypeError',
        'KithError',
        'AggregateError',
        'plain',
        'text',
        'null',
        'hostile',
      ),
      code: fc.constantFrom(...ErrorCode.options),
      message: secret,
      more: fc.dictionary(names, secret),
      cause: fc.option(secret),
    });
    const error = ({
      kind,
      code,
      message,
      more,
      cause,
    }: typeof told extends fc.Arbitrary<infer T> ? T : never) => {
      if (kind === 'text') return message;
      if (kind === 'null') return null;
      if (kind === 'plain') return { message, ...more };
      if (kind === 'hostile')
        return new Proxy(new Error(message), {
          get() {
            throw new Error(message);
          },
        });
      const options = cause === null ? {} : { cause: Object.assign(new Error(cause), more) };
      const made =
        kind === 'KithError'
          ? new KithError(code, message, options)
          : kind === 'AggregateError'
            ? new AggregateError([new Error(message)], message, options)
            : kind === 'TypeError'
              ? new TypeError(message, options)
              : new Error(message, options);
      // A failing call far down, from a function that bears the name.
      const thrower = { [message]: () => made }[message]!;
      const thrown = thrower();
      return kind === 'KithError' ? thrown : Object.assign(thrown, more);
    };
    fc.assert(
      fc.property(
        told,
        fc.constantFrom<LogEvent>('request.failed', 'process.failed', 'passed-over'),
        (each, event) => {
          log.failure(event, error(each), {} as never);
        },
      ),
      { numRuns: 500 },
    );
    const text = readFileSync(logFile(), 'utf8');
    expect(lines()).toHaveLength(500);
    expect(text).not.toMatch(/anna/i);
    expect(text).not.toMatch(/home|Users|Photos|file:/);
    for (const line of lines()) {
      expect(line).toMatch(
        /^\S+Z owner\/\d+ (request\.failed|process\.failed|passed-over) failure="[\w/ .,:-]*"$/,
      );
    }
  });
});

describe('The files of the log', () => {
  it('are this user’s alone, in a folder of this user alone', () => {
    const before = process.umask(0);
    try {
      log.note('peer.refused', {});
    } finally {
      process.umask(before);
    }
    expect(statSync(logFile()).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'of', 'kith')).mode & 0o777).toBe(0o700);
    chmodSync(logFile(), 0o644);
    log.note('peer.refused', {});
    expect(statSync(logFile()).mode & 0o777).toBe(0o600);
  });

  it('are never more than five of a megabyte; the oldest goes', () => {
    for (let round = 0; round < 7; round++) {
      fill(MOST_BYTES);
      log.note('peer.joined', { peers: round });
    }
    const there = logFiles().filter((file) => existsSync(file));
    expect(there).toHaveLength(MOST_FILES);
    expect(readdirSync(join(folder, 'of', 'kith'))).toHaveLength(MOST_FILES);
    for (const file of there) expect(statSync(file).size).toBeLessThanOrEqual(MOST_BYTES);
    expect(lines().at(-1)).toMatch(/peer\.joined peers=6$/);
  });

  it('keep every line in order over a change of files', () => {
    for (let number = 0; number < 18_000; number++) log.note('peer.joined', { peers: number });
    const all = logFiles()
      .filter((file) => existsSync(file))
      .flatMap((file) => lines(file));
    expect(all.map((line) => Number(line.split('peers=')[1]))).toEqual(
      Array.from({ length: 18_000 }, (_, at) => at),
    );
    expect(existsSync(logFile().replace('kith.log', 'kith.1.log'))).toBe(true);
  });

  it('are changed by whoever comes next where somebody died in the midst of it', () => {
    fill(MOST_BYTES - 2500);
    writeFileSync(`${logFile()}.lock`, '');
    log.note('peer.joined', { peers: 1 });
    expect(statSync(logFile()).size).toBeGreaterThan(MOST_BYTES - 2500);
    utimesSync(`${logFile()}.lock`, 0, 0);
    log.note('peer.joined', { peers: 2 });
    log.note('peer.joined', { peers: 3 });
    expect(lines()).toHaveLength(1);
    expect(existsSync(`${logFile()}.lock`)).toBe(false);
  });

  it('hold whole lines of several processes that write at once, and none is missing', async () => {
    const count = 6000;
    const writers = (['owner', 'browser-host', 'command-line'] as const).map((role) =>
      fork(join(fixtures, 'log-writer.ts'), [role, String(count)], { execArgv: [] }),
    );
    await Promise.all(writers.map((child) => once(child, 'close')));
    const all = logFiles()
      .filter((file) => existsSync(file))
      .flatMap((file) => lines(file));
    for (const { pid } of writers) {
      const own = all.filter((line) => line.includes(`/${pid} `));
      const numbers = own.map((line) => {
        const [, number] = new RegExp(
          `scan\\.phase phase=scanning seconds=0\\.5 done=(\\d+) total=${pid}$`,
        ).exec(line)!;
        return Number(number);
      });
      expect(numbers).toEqual(Array.from({ length: count }, (_, at) => at));
    }
    expect(all).toHaveLength(3 * count);
    for (const file of logFiles())
      if (existsSync(file)) expect(statSync(file).size).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('give their last lines, across two of them', () => {
    expect(lastLines(200)).toEqual([]);
    for (let number = 0; number < 150; number++) log.note('peer.joined', { peers: number });
    const older = logFile().replace('kith.log', 'kith.1.log');
    writeFileSync(older, readFileSync(logFile()));
    rmSync(logFile());
    for (let number = 150; number < 250; number++) log.note('peer.joined', { peers: number });
    const last = lastLines(200).map((line) => Number(line.split('peers=')[1]));
    expect(last).toEqual(Array.from({ length: 200 }, (_, at) => 50 + at));
  });
});

describe('A log that can’t be written', () => {
  it('hurts nobody, and says later how much was lost', () => {
    // A file stands where its folder should be: that holds root too.
    writeFileSync(join(folder, 'of'), '');
    for (let number = 0; number < 3; number++) log.note('peer.joined', { peers: number });
    log.failure('request.failed', new Error('x'), { request: 'people.list' });
    rmSync(join(folder, 'of'));
    log.note('peer.left', { peers: 0 });
    expect(lines().map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'log.lost lines=4',
      'peer.left peers=0',
    ]);
  });

  it('is one that is taken away in the midst, and comes back', () => {
    log.note('peer.joined', { peers: 1 });
    rmSync(join(folder, 'of'), { recursive: true });
    log.note('peer.joined', { peers: 2 });
    expect(lines()).toHaveLength(1);
    rmSync(logFile());
    mkdirSync(logFile());
    log.note('peer.joined', { peers: 3 });
    rmSync(logFile(), { recursive: true });
    log.note('peer.joined', { peers: 4 });
    expect(lines().map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'log.lost lines=1',
      'peer.joined peers=4',
    ]);
  });

  it('prints nothing', async () => {
    writeFileSync(join(folder, 'of'), '');
    const child = fork(join(fixtures, 'log-writer.ts'), ['owner', '10'], { execArgv: [], silent: true });
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (said += text));
    const [status] = await once(child, 'close');
    expect({ status, said }).toEqual({ status: 0, said: '' });
  });
});

describe('A process', () => {
  const run = (way: string) => fork(join(fixtures, 'log-ender.ts'), [way], { execArgv: [], silent: true });
  const lastLine = () => lines().at(-1)!.split(' ').slice(2).join(' ');

  it.each([
    ['exception', 'process.failed origin=exception failure="SyntaxError"'],
    ['rejection', 'process.failed origin=rejection failure="TypeError"'],
  ])(
    'that ends by an %s that nobody caught notes it, and ends as it would without',
    async (way, expected) => {
      const child = run(way);
      let complaint = '';
      child.stderr?.on('data', (text) => (complaint += text));
      const [status] = await once(child, 'close');
      expect(status).toBe(1);
      expect(complaint).toMatch(/SyntaxError|TypeError/);
      expect(lastLine()).toBe(expected);
    },
  );

  it('lives on when nobody reads its standard error any more', async () => {
    const child = run('stderr');
    await once(child, 'message');
    child.stderr?.destroy();
    child.stdout?.destroy();
    child.send('go on');
    const [said] = await once(child, 'message');
    expect(said).toBe('still here');
    const [status] = await once(child, 'exit');
    expect(status).toBe(0);
    expect(lastLine()).toBe('process.warned failure="Error"');
  });

  it('that answered nobody for a while notes for how long', async () => {
    const child = run('blocked');
    await once(child, 'exit');
    const all = lines().map((line) => line.split(' ').slice(2).join(' '));
    expect(all[0]).toMatch(
      /^process\.started kith=[\d.]+ node=24[\d.]+ platform=\w+ arch=\w+ cpus=\d+ memoryMiB=\d+$/,
    );
    const [, ms] = /^process\.blocked ms=(\d+) p99Ms=\d+$/.exec(all[1]!)!;
    expect(Number(ms)).toBeGreaterThan(350);
    expect(all.at(-1)).toMatch(/^process\.ended seconds=[\d.]+ peakMiB=\d+$/);
  });
});
