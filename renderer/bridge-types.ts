import type { Params, RequestName, Result } from '../electron/contract/api.ts';
import type { ServiceEvent } from '../electron/contract/events.ts';

/**
 * Whether the service can be reached. `lost`: trying again. `refused`: a host is there that was started anew, and lets
 * nobody in who has not opened its own address; trying again all the same, since another tab may have.
 */
export type Connection = 'opening' | 'open' | 'lost' | 'refused';

/** The way to the service, whichever shell the page is in. */
export interface Bridge {
  /** @throws Refused */
  call<N extends RequestName>(name: N, params: Params<N>): Promise<Result<N>>;
  on(listener: (event: ServiceEvent) => void): () => void;
  onConnection(listener: (connection: Connection) => void): () => void;
}
