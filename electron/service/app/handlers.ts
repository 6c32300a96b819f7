import type { Parsed, RequestName, Result } from '../../contract/api.ts';

/** How each request is answered, once its parameters have been checked. */
export type Handlers = {
  [N in RequestName]: (params: Parsed<N>) => Result<N> | Promise<Result<N>>;
};
