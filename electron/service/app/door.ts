import { z } from 'zod';
import { type Params, RequestName, type Result, requests } from '../../contract/api.ts';
import { type Failure, KithError } from '../../contract/errors.ts';
import type { Reply } from '../../contract/events.ts';
import type { App, CallOptions } from './app.ts';
import type { CallContext, Handlers } from './handlers.ts';

/** How many mistakes of a request its refusal names, so that it is short enough to read. Chosen by hand. */
const NAMED_MISTAKES = 3;

/**
 * Longest detail of a failure, in UTF-16 units: a path with a sentence around it, or the top of a trace. Chosen by
 * hand.
 */
const LONGEST_DETAIL = 1000;

/** Tests also check results against the contract. In the application that would only cost time. */
const checksResults = process.env.KITH_CHECK_RESULTS === '1';

/**
 * The one way to the handlers. It checks a request's parameters before its handler runs.
 *
 * @throws KithError bad-request, naming what was expected and where
 */
export async function answer<N extends RequestName>(
  handlers: Handlers,
  name: N,
  params: Params<N>,
  asked: CallContext,
): Promise<Result<N>> {
  if (!RequestName.safeParse(name).success) {
    throw new KithError('bad-request', `Expected a request of the contract but received ${String(name)}`);
  }
  const parsed = requests[name].params.safeParse(params);
  if (!parsed.success) {
    throw new KithError('bad-request', `${name}: ${mistakesOf(parsed.error)}`);
  }
  // The name decides both types at once, which TypeScript can't follow through a union.
  const handler = handlers[name] as (params: unknown, asked: CallContext) => Result<N> | Promise<Result<N>>;
  const result = await handler(parsed.data, asked);
  if (checksResults) requireOnContract(name, result);
  return result;
}

/** What is wrong with a request, a line or two for each mistake; a list of ids may hold a hundred thousand. */
export function mistakesOf({ issues }: z.ZodError): string {
  const first = z.prettifyError(new z.ZodError(issues.slice(0, NAMED_MISTAKES)));
  const more = issues.length - NAMED_MISTAKES;
  return more > 0 ? `${first}\nand ${more} more` : first;
}

/** @throws Error where an answer is not what the contract promises: a defect of Kith */
function requireOnContract(name: RequestName, result: unknown): void {
  const { success, error } = requests[name].result.safeParse(result);
  if (!success) throw new Error(`${name} answered off the contract: ${mistakesOf(error)}`);
}

/** Answers a request that came over a wire. Its name and parameters are checked, not trusted. Never throws. */
export async function replyTo(
  app: App,
  name: unknown,
  params: unknown,
  options: CallOptions = {},
): Promise<Reply> {
  try {
    const result = await app.call(name as RequestName, params as Params<RequestName>, options);
    return { ok: true, result, position: app.position };
  } catch (error) {
    // A sender that was refused because it had not seen a change knows of the change now.
    const heard = error instanceof KithError && error.code === 'changed-meanwhile';
    return { ok: false, failure: failureOf(error), ...(heard ? { position: app.position } : {}) };
  }
}

/** An error as it goes over a wire. A defect of Kith becomes `internal`, with its trace for a bug report. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KithError) return { code: error.code, detail: shortened(error.detail) };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', detail: shortened(detail) };
}

function shortened(detail: string): string {
  if (detail.length <= LONGEST_DETAIL) return detail;
  // The cut may leave half a surrogate pair, which is not valid text.
  return `${detail.slice(0, LONGEST_DETAIL - 1).toWellFormed()}…`;
}
