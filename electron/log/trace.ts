import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';

/** What Kith's own sources lie in; of the packed app, what they were built into. */
const SOURCES = resolve(import.meta.dirname, '../..');
const ROOMS = new Set(['electron', 'models']);

/** Deepest place that helps to find a defect. */
const FRAMES = 8;

/** An error, its cause, and the cause of that. */
const DEPTH = 3;

/** Errors that are told by their class; any other is told as `Error`. */
const CLASSES = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'AggregateError',
  'AssertionError',
  'AbortError',
  'TimeoutError',
  'DOMException',
  'ZodError',
  'ProcessLost',
  'LinkLost',
  'CommanderError',
]);

/** Codes of Node that are no system's: of its own modules. */
const NODE_CODES = new Set([
  'ERR_SQLITE_ERROR',
  'ERR_INVALID_STATE',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
  'ERR_IPC_CHANNEL_CLOSED',
  'ERR_WORKER_OUT_OF_MEMORY',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What the log may know of an error: its code or class, and where in Kith's own sources it comes from, each place as
 * `journal.ts:12:5`, the innermost first. Messages are left out, for they hold paths and names, and so are places outside
 * Kith's sources.
 *
 * @returns `TypeError at door.ts:32:9,create.ts:99:5 cause disk-full at …`
 */
export function traceOf(error: unknown, depth = DEPTH): string {
  if (!(error instanceof Error)) return 'no-error';
  const places = placesOf(error);
  const cause = error.cause !== undefined && depth > 1 ? ` cause ${traceOf(error.cause, depth - 1)}` : '';
  return `${codeOf(error)}${places.length > 0 ? ` at ${places.join(',')}` : ''}${cause}`;
}

function codeOf(error: Error): string {
  if (error instanceof KithError || error instanceof UnreadablePhoto) return error.code;
  const name = [error.name, error.constructor.name].find((each) => CLASSES.has(each)) ?? 'Error';
  const code = 'code' in error ? String(error.code) : '';
  const known = code in constants.errno || NODE_CODES.has(code) ? `/${code}` : '';
  const number = 'errcode' in error && Number.isInteger(error.errcode) ? `/${error.errcode}` : '';
  return `${name}${known}${number}`;
}

function placesOf({ stack, message }: Error): string[] {
  if (typeof stack !== 'string') return [];
  // A message may look like a trace.
  const after = message === '' ? -1 : stack.indexOf(message);
  return stack
    .slice(after < 0 ? 0 : after + message.length)
    .split('\n')
    .flatMap((line) => placeOf(line) ?? [])
    .slice(0, FRAMES);
}

/** @param line `    at Journal.undo (file:///…/electron/library/journal.ts:120:5)` */
function placeOf(line: string): string | null {
  const [, where, row, column] = /^ {4}at (?:async )?(?:.*? \()?(.+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
  if (where === undefined) return null;
  const file = fileOf(where);
  if (file === null) return null;
  const within = relative(SOURCES, file);
  if (isAbsolute(within) || !ROOMS.has(within.split(sep)[0]!) || !existsSync(file)) return null;
  return `${basename(file)}:${row}:${column}`;
}

function fileOf(where: string): string | null {
  try {
    return where.startsWith('file:') ? fileURLToPath(where) : isAbsolute(where) ? where : null;
  } catch {
    // An address that names no file of this machine.
    return null;
  }
}
