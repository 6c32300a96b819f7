import { logFile } from '../../log/file.ts';
import { facts } from '../../log/process.ts';
import { lastLines } from '../../log/tail.ts';
import type { Handlers } from './handlers.ts';

/** Lines of the log that a page shows: some hours of use, or one failure with all that led to it. Chosen by hand. */
const LINES = 200;

/** Requests about what went wrong: the last lines of the log, and facts about the system. */
export function diagnosticsRequests(): Pick<Handlers, 'diagnostics.get'> {
  const known = Object.entries(facts()).filter(([, value]) => value !== undefined);
  const system = Object.fromEntries(known) as Record<string, string | number>;
  return {
    'diagnostics.get': () => ({ file: logFile(), lines: lastLines(LINES), system }),
  };
}
