import { logFile } from '../../log/file.ts';
import { facts } from '../../log/process.ts';
import { lastLines } from '../../log/tail.ts';
import type { Handlers } from './handlers.ts';

/** As many as somebody can look through: some hours of use, or one failure with all that led to it. */
const LINES = 200;

/** Requests of whoever wants to know what went wrong. */
export function diagnosticsRequests(): Pick<Handlers, 'diagnostics.get'> {
  const known = Object.entries(facts()).filter(([, value]) => value !== undefined);
  const system = Object.fromEntries(known) as Record<string, string | number>;
  return {
    'diagnostics.get': () => ({ file: logFile(), lines: lastLines(LINES), system }),
  };
}
