import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { KithError } from '../contract/errors.ts';

/** Milliseconds for a place to answer; chosen by hand: a disk that sleeps takes up to ten seconds to spin up. */
const PATIENCE = 15_000;

/** What the kernel makes up: nothing that is written there is kept, and some of it never ends or never answers. */
const MADE_UP = /^(?:\/(?:proc|sys|dev)(?:\/|$)|\\\\[.?]\\)/;

/** Characters of a wrong path that an error repeats. */
const SHOWN = 200;

/**
 * The real path of a place to write to, whether it is there yet or not.
 * @throws KithError `bad-request` for anything but an absolute path; `output-unwritable` for a place that the system
 *   makes up
 */
export async function writablePlace(folder: string): Promise<string> {
  if (!isAbsolute(folder) || folder.includes('\0')) {
    throw new KithError(
      'bad-request',
      `Expected the absolute path of a folder but received ${JSON.stringify(folder.slice(0, SHOWN))}`,
    );
  }
  // The path is looked at before the place is: some places under /proc never answer.
  refuseMadeUp(resolve(folder));
  const real = await realPlace(folder);
  refuseMadeUp(real);
  return real;
}

function refuseMadeUp(path: string): void {
  if (!MADE_UP.test(path)) return;
  throw new KithError('output-unwritable', `${path} (the system makes this place up; nothing is kept there)`);
}

/** The real path of a place that may not be there yet: of its nearest ancestor that is, and the rest as it is. */
export async function realPlace(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await realPlace(parent), basename(absolute));
  }
}

/**
 * Waits for a place to answer, but not for ever: a network drive may be gone without a word.
 * @throws KithError `output-unwritable`
 */
export async function answered<T>(place: string, work: Promise<T>, patience = PATIENCE): Promise<T> {
  const stop = new AbortController();
  const late = wait(patience, null, { signal: stop.signal }).then(
    () => {
      throw new KithError('output-unwritable', `${place} (it did not answer within ${patience / 1000} s)`);
    },
    () => null as never,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
    // Whatever it comes to after that concerns nobody.
    work.catch(() => {});
  }
}
