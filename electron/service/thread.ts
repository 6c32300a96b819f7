import { setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, workerData } from 'node:worker_threads';
// Sets the environment of the process: a thread that runs ONNX Runtime can't set it.
import '../../models/no-telemetry.ts';
import { type ErrorCode, KithError } from '../contract/errors.ts';

/** With fewer faces than this, work is done sooner than a thread starts. Chosen by hand. */
export const WORTH_A_THREAD = 500;

/**
 * Size of a thread's young generation, in megabytes. Each vector that is read is a small object with 2 kB outside of it.
 * With V8's own size, those of 100,000 faces pile up before any is freed, and grouping them anew peaks at 1.37 instead of
 * 1.17 GB.
 */
const YOUNG = 6;

/** Places in the memory that a thread and its starter share: whether it is in native code, and whether it is to end. */
const [BUSY, STOPPED] = [0, 1];

interface Given {
  task: unknown;
  state: Int32Array;
}

type Outcome<T> = { done: T } | { failed: { code: ErrorCode; detail: string } };

/**
 * Runs a file of {@link answerOnce} as a thread, so that the service goes on answering.
 *
 * @throws KithError cancelled, when the signal is aborted, and the thread's own
 */
export async function inThread<T>(file: URL, task: unknown, signal?: AbortSignal): Promise<T> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(file, {
    workerData: { task, state } satisfies Given,
    env: environment(file),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  let cancel = () => {};
  try {
    const outcome = await new Promise<Outcome<T>>((resolve, reject) => {
      cancel = () => reject(new KithError('cancelled', 'grouping'));
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Error(`Expected an answer but the thread ended with ${code}`)),
      );
    });
    if ('done' in outcome) return outcome.done;
    throw new KithError(outcome.failed.code, outcome.failed.detail);
  } finally {
    // A signal that lives as long as the application would hold the answer, 170 MB for 100,000 faces.
    signal?.removeEventListener('abort', cancel);
    Atomics.store(state, STOPPED, 1);
    // A thread that is terminated inside native code ends the whole process.
    while (worker.threadId !== -1 && Atomics.load(state, BUSY) === 1) await wait(5);
    await worker.terminate();
  }
}

/**
 * The environment of a thread. Where Kith runs from its sources, threads use TypeScript that was stripped before. The
 * WebAssembly that strips it, when it is freed while a thread ends, now and then ends the whole process (Node 24, in V8:
 * "jit_page_->allocations_").
 */
function environment(file: URL): NodeJS.ProcessEnv {
  if (!file.pathname.endsWith('.ts')) return process.env;
  const stripped = new URL('../../node_modules/.cache/stripped', import.meta.url);
  return { NODE_COMPILE_CACHE: fileURLToPath(stripped), ...process.env };
}

/**
 * Runs native code in a thread, which {@link inThread} does not terminate meanwhile. Outside such a thread it just runs.
 *
 * @throws KithError cancelled, where the thread is to end
 */
export async function unbroken<T>(work: () => Promise<T>): Promise<T> {
  const state = (workerData as Given | null)?.state;
  if (!state) return work();
  Atomics.store(state, BUSY, 1);
  try {
    if (Atomics.load(state, STOPPED) === 1) throw new KithError('cancelled', 'grouping');
    return await work();
  } finally {
    Atomics.store(state, BUSY, 0);
  }
}

/**
 * Lets this thread come after those that answer somebody: on Linux, where each thread has a priority of its own
 * (setpriority(2), "C library/kernel differences"). Elsewhere the whole process would come later, so nothing is done there.
 */
export function comeAfterAnswers(): void {
  if (process.platform === 'linux') setPriority(5);
}

/** Runs a thread's task once and posts the answer. */
export async function answerOnce<Task, T>(work: (task: Task) => Promise<T>): Promise<void> {
  try {
    parentPort!.postMessage({ done: await work((workerData as Given).task as Task) } satisfies Outcome<T>);
  } catch (error) {
    // An error loses its class on the way to another thread.
    if (!(error instanceof KithError)) throw error;
    parentPort!.postMessage({ failed: { code: error.code, detail: error.detail } } satisfies Outcome<T>);
  }
}
