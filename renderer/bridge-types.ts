import type { Params, RequestName, Result } from '../electron/contract/api.ts';
import type { ServiceEvent } from '../electron/contract/events.ts';

/** Whether the service can be reached. `lost`: trying again. */
export type Connection = 'opening' | 'open' | 'lost';

/** The way to the service, whichever shell the page is in. */
export interface Bridge {
  /** @throws Refused */
  call<N extends RequestName>(name: N, params: Params<N>): Promise<Result<N>>;
  on(listener: (event: ServiceEvent) => void): () => void;
  onConnection(listener: (connection: Connection) => void): () => void;
}
