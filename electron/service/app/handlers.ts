import type { Parsed, RequestName, Result } from '../../contract/api.ts';

/** What a handler knows of a request besides its parameters. */
export interface CallContext {
  /** Aborted when the sender no longer waits. */
  signal: AbortSignal;
}

/** How each request is answered, once its parameters have been checked. */
export type Handlers = {
  [N in RequestName]: (params: Parsed<N>, context: CallContext) => Result<N> | Promise<Result<N>>;
};
