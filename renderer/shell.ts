import type { ShellParams, ShellRequestName, ShellResult } from '../electron/contract/shell.ts';
import { bridge } from './bridge.ts';

/** Asks the shell around the page, not the application. @throws Refused */
export function askShell<N extends ShellRequestName>(
  name: N,
  params: ShellParams<N>,
): Promise<ShellResult<N>> {
  // One transport carries both; the door behind it knows whose a request is.
  return (bridge.call as unknown as (name: N, params: ShellParams<N>) => Promise<ShellResult<N>>)(
    name,
    params,
  );
}
