import type { Failure } from '../electron/contract/errors.ts';

/** Why a request failed; `connection-lost` where nobody answered. */
export type RefusalCode = Failure['code'] | 'connection-lost';

/** A request that failed. What to tell a person is said by {@link sentenceOf}. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly detail: string;

  constructor(code: RefusalCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'Refused';
    this.code = code;
    this.detail = detail;
  }
}

/**
 * What a list or a page says about why it cannot be shown. Nothing of a lost connection: the frame tells that, and everything
 * is asked for again once it is back.
 * @throws whatever is no refusal
 */
export function worthSaying(error: unknown): Refused | null {
  if (!(error instanceof Refused)) throw error;
  return error.code === 'connection-lost' ? null : error;
}
