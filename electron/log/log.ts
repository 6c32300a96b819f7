import { events, type LogEvent, type PassedOver, type Role, type Values } from './events.ts';
import { openFile } from './file.ts';
import { traceOf } from './trace.ts';

/** Who writes, and what into; null in a process that keeps no log, such as a test's or a vision process. */
let opened: { role: Role; write: (text: string) => boolean } | null = null;

/** Lines that could not be written since the last one that could. */
let lost = 0;

/** Lets this process write the log from now on; its first line makes the file. Opened a second time it stays as it is. */
export function openLog(role: Role): void {
  opened ??= { role, write: openFile() };
}

/**
 * The log on disk. It holds no names, no paths, no messages and no pictures: what it takes is a closed table
 * (`events.ts`), and of errors what `traceOf` leaves. Each line is written before the call returns. Nothing here throws.
 */
export const log = {
  /** Something happened that helps to understand what came of it later. */
  note<E extends LogEvent>(event: E, values: Values<E>): void {
    line(event, values, '');
  },

  /** Something failed, whoever is told of it. */
  failure<E extends LogEvent>(event: E, error: unknown, values: Values<E>): void {
    line(event, values, ` failure=${JSON.stringify(safely(() => traceOf(error)))}`);
  },
};

/**
 * To be given to `catch` where work goes on without what failed: notes it, where it is not how ended work ends.
 *
 * @param what what is done without
 */
export function passedOver(what: PassedOver): (error: unknown) => void {
  return (error) => {
    const isEnd =
      error instanceof Error &&
      (error.name === 'AbortError' || ('code' in error && error.code === 'cancelled'));
    if (!isEnd) log.failure('passed-over', error, { what });
  };
}

function line<E extends LogEvent>(event: E, values: Values<E>, more: string): void {
  if (opened === null) return;
  const { role, write } = opened;
  const head = () => `${new Date().toISOString()} ${role}/${process.pid}`;
  const parsed = events[event].safeParse(values);
  // What the types forbid came all the same, by way of a cast: the event is told without it.
  const told = parsed.success ? Object.entries(parsed.data) : [];
  const text = told
    .flatMap(([key, value]) => (value === undefined ? [] : ` ${key}=${wordOf(value)}`))
    .join('');
  if (lost > 0 && write(`${head()} log.lost lines=${lost}`)) lost = 0;
  if (!write(`${head()} ${event}${text}${more}`)) lost += 1;
}

function wordOf(value: unknown): string {
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value);
}

/** An error may be anything, even what throws when it is looked at. */
function safely(text: () => string): string {
  try {
    return text();
  } catch {
    return 'no-error';
  }
}
