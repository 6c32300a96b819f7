import { setTimeout as sleep } from 'node:timers/promises';
import { KithError } from '../electron/contract/errors.ts';
import { PartFile } from './download-part.ts';
import { type DownloadProgress, RateMeter } from './download-rate.ts';
import { request, TryAgain } from './download-request.ts';

export interface DownloadOptions {
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
  /** Called before each wait for another try. */
  onRetry?: (why: string, waitMs: number) => void;
  /** Of the file, hex, where it is known. */
  sha256?: string;
  /** Size of the file, where it is known. */
  bytes?: number;
  patience?: Partial<Patience>;
}

/** How long Kith waits for a server. Times are in milliseconds. Chosen by hand. */
export interface Patience {
  /** Tries in a row that bring nothing new. */
  tries: number;
  /** Before the second try; doubled before each further one. */
  firstWait: number;
  /** No wait is longer, not even when the server asks for it. */
  longestWait: number;
  /** Silence after which a connection counts as lost. */
  silence: number;
}

const usualPatience: Patience = { tries: 5, firstWait: 1000, longestWait: 60_000, silence: 30_000 };

/** Largest download. Encoders have up to 300 MB; a larger file is none, and would fill the disk. */
const mostBytes = 2 ** 30;

type Settings = Omit<DownloadOptions, 'patience'> & { patience: Patience };

/**
 * Downloads a file. What has come lies in `<target>.part` until it is whole and checked; when the download is cut
 * off or stopped, it stays there, and the next call goes on from it, provided that the server still has the same
 * edition. Network failures and busy servers are tried again, with growing, randomised waits.
 *
 * @param address with http: or https:; redirects are followed, but none from https to http
 * @throws KithError `download-failed` when it can't be had, `model-damaged` when it is another file, `cancelled`,
 * `disk-full`, `output-unwritable`; the target is then as it was
 */
export async function download(
  address: string,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  const settings: Settings = { ...options, patience: { ...usualPatience, ...options.patience } };
  const part = await PartFile.open(target, address);
  try {
    let fromEarlier = part.done > 0;
    for (;;) {
      await receive(address, part, settings);
      const wrong = await difference(part, settings);
      if (wrong === null) break;
      // The earlier part may be of another file, or was damaged when the machine stopped.
      if (!fromEarlier) throw new KithError('model-damaged', `${address}: ${wrong}`);
      fromEarlier = false;
      await part.restart(null);
    }
    await part.finish(target);
  } catch (error) {
    await (error instanceof KithError && error.code === 'model-damaged' ? part.discard() : part.close());
    throw error;
  }
}

/** Tries until all of the file has come. */
async function receive(address: string, part: PartFile, settings: Settings): Promise<void> {
  const { signal, patience, onRetry } = settings;
  let failures = 0;
  let most = part.done;
  for (;;) {
    try {
      return await attempt(address, part, settings);
    } catch (error) {
      if (signal?.aborted) throw new KithError('cancelled', address, { cause: error });
      if (error instanceof KithError) throw error;
      failures = part.done > most ? 1 : failures + 1;
      most = Math.max(most, part.done);
      const why = reason(error);
      const asked = error instanceof TryAgain ? error.waitMs : null;
      if (failures >= patience.tries || (asked ?? 0) > patience.longestWait) {
        const tried = asked === null ? `tried ${failures} times` : `busy for another ${seconds(asked)} s`;
        throw new KithError('download-failed', `${address}: ${why}, ${tried}`, { cause: error });
      }
      const wait = asked ?? backOff(failures, patience);
      onRetry?.(why, wait);
      await sleep(wait, undefined, { signal }).catch(() => {
        throw new KithError('cancelled', address);
      });
    }
  }
}

/** Half of the wait is random, so that many computers that were cut off together do not all try again together. */
function backOff(failures: number, { firstWait, longestWait }: Patience): number {
  return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

async function attempt(address: string, part: PartFile, settings: Settings): Promise<void> {
  const { patience, signal, sha256, bytes } = settings;
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`nothing came for ${seconds(patience.silence)} s`)),
    patience.silence,
  );
  const meter = new RateMeter(settings.onProgress ?? (() => {}));
  const either = AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]);
  try {
    // Without a name for the edition only the hash could tell whether both halves are of one file.
    if (part.done > 0 && part.validator === null && sha256 === undefined) await part.restart(null);
    let answer = await request(address, part, either);
    if (answer.kind === 'start-over') {
      await part.restart(null);
      answer = await request(address, part, either);
    }
    if (answer.kind !== 'body') return;
    const { from, total, validator } = answer;
    checkSize(address, total, bytes);
    if (from === 0) await part.restart(validator);
    meter.start(part.done);
    for await (const chunk of answer.body) {
      await part.append(chunk);
      checkSize(address, part.done, null);
      meter.show(part.done, total);
      timer.refresh();
    }
    if (total !== null && part.done < total) throw new Error('the connection ended early');
    meter.show(part.done, total, true);
  } finally {
    clearTimeout(timer);
    meter.stop();
    // Closes the connection where the answer was not read to its end.
    silence.abort();
  }
}

/** @param right what it must be; null where only the limit counts */
function checkSize(address: string, size: number | null, right: number | null | undefined): void {
  if (size !== null && right != null && size !== right)
    throw new KithError('model-damaged', `${address}: expected ${right} bytes but the server has ${size}`);
  if ((size ?? 0) > mostBytes)
    throw new KithError('model-damaged', `${address}: it is larger than any model (${mostBytes} bytes)`);
}

/** In what the file differs from the one that was asked for; null when it is right, for all that is known. */
async function difference(part: PartFile, { sha256, bytes }: Settings): Promise<string | null> {
  if (bytes !== undefined && part.done !== bytes) return `expected ${bytes} bytes but received ${part.done}`;
  if (part.done === 0) return 'the file is empty';
  if (sha256 === undefined) return null;
  const found = await part.sha256();
  return found === sha256 ? null : `expected SHA-256 ${sha256} but received ${found}`;
}

/** `fetch` hides what happened in the cause of its error, or in the cause of that. */
function reason(error: unknown): string {
  let deepest = error as NodeJS.ErrnoException;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest.message.replace(/\.$/, '') || deepest.code || 'the network failed';
}

const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
