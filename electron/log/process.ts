import { availableParallelism, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import kith from '../../package.json' with { type: 'json' };
import type { Role, Values, Version } from './events.ts';
import { log, openLog } from './log.ts';

/** Often enough to find the moment in the log, and seldom enough for a line each time, in milliseconds. */
const EVERY = 10_000;

/** Two samples of the event loop, in milliseconds; what comes on top of it is delay. */
const RESOLUTION = 10;

/** A delay that people feel (RAIL, web.dev/articles/rail: an answer within 100 ms is at once). */
const FELT = 100;

let isWatched = false;

/** What of this machine and of Kith matters to a defect. */
export function facts(): Values<'process.started'> {
  const { node, electron } = process.versions;
  const { platform, arch } = process;
  return {
    kith: kith.version as Version,
    node: node as Version,
    ...(electron === undefined ? {} : { electron: electron as Version }),
    platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
    arch: arch === 'x64' || arch === 'arm64' ? arch : 'other',
    cpus: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
  };
}

/**
 * Opens the log of this process, and notes there what would otherwise be said on standard error, which may have no reader:
 * errors that nobody caught, and warnings. What becomes of the process stays as it is without.
 */
export function watchProcess(role: Role): void {
  if (isWatched) return;
  isWatched = true;
  openLog(role);
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    const rejected = origin === 'unhandledRejection';
    log.failure('process.failed', error, { origin: rejected ? 'rejection' : 'exception' });
  });
  process.on('warning', (warning) => log.failure('process.warned', warning, {}));
}

/**
 * Notes begin and end of a process that lives for long, and when it answered nobody for a while.
 *
 * @param every how often the event loop's delay is looked at, in milliseconds
 */
export function watchService(role: Role, every = EVERY): void {
  watchProcess(role);
  log.note('process.started', facts());
  process.once('exit', () => {
    // Kibibytes on every system (nodejs.org/api/process.html#processresourceusage).
    const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
    log.note('process.ended', { seconds: process.uptime(), peakMiB });
  });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  setInterval(() => {
    const ms = Math.round(delay.max / 1e6) - RESOLUTION;
    const p99Ms = Math.max(0, Math.round(delay.percentile(99) / 1e6) - RESOLUTION);
    if (ms > FELT) log.note('process.blocked', { ms, p99Ms });
    delay.reset();
  }, every).unref();
}

/** A standard error whose reader has gone must not end a process that lives on without it. */
export function surviveLostReader(): void {
  process.stderr.on('error', () => {
    // What matters is in the log.
  });
}
