import type { Failure } from '../electron/contract/events.ts';

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
