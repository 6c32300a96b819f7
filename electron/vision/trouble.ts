import { constants } from 'node:os';
import type { ErrorCode } from '../contract/errors.ts';
import type { ProviderRefusal, VisionRequest } from '../contract/vision.ts';

/** What befell a vision process, without a path: complaints and messages hold them. */
export type PoolTrouble =
  | { kind: 'lost'; loss: Loss }
  /** It held more memory than it may after a photo. */
  | { kind: 'replaced'; memory: { memoryMiB: number; limitMiB: number } }
  /** What computes the networks was given up; the CPU does it from then on. */
  | { kind: 'refused'; refusal: ProviderRefusal }
  /** No more work is taken. */
  | { kind: 'given-up'; code: ErrorCode };

interface Loss {
  during: VisionRequest['kind'];
  why: 'crashed' | 'timed-out';
  /** Number of the signal that ended it, or its exit status; neither where it never ran, or was ended for its silence. */
  signal?: number;
  status?: number;
  outOfMemory: boolean;
}

/** What V8, C++ and ONNX Runtime say when there is no memory left. */
const NO_MEMORY = /heap out of memory|bad_alloc|allocat\w+ failed|failed to allocate/i;

/** @param lost its message says how the process ended: `SIGKILL: …` or `exit status 1: …` */
export function lossOf({
  during,
  code,
  message,
}: Pick<Error, 'message'> & { during: Loss['during']; code: Loss['why'] }): Loss {
  const [, signal = '', status] = /^(?:(SIG[A-Z0-9]+)|exit status (-?\d+))/.exec(message) ?? [];
  const number = (constants.signals as Partial<Record<string, number>>)[signal];
  return {
    during,
    why: code,
    ...(number === undefined ? {} : { signal: number }),
    ...(status === undefined ? {} : { status: Number(status) }),
    outOfMemory: NO_MEMORY.test(message),
  };
}
