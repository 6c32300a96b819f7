import { z } from 'zod';
import { type Params, RequestName, type Result, requests } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { Failure, Reply } from '../../contract/events.ts';
import type { App } from './app.ts';
import type { Handlers } from './handlers.ts';

/**
 * The one door: checks what was asked before a handler sees it.
 *
 * @throws KithError bad-request, naming what was expected and where
 */
export async function answer<N extends RequestName>(
  handlers: Handlers,
  name: N,
  params: Params<N>,
): Promise<Result<N>> {
  if (!RequestName.safeParse(name).success) {
    throw new KithError('bad-request', `Expected a request of the contract but received ${String(name)}`);
  }
  const parsed = requests[name].params.safeParse(params);
  if (!parsed.success) {
    throw new KithError('bad-request', `${name}: ${z.prettifyError(parsed.error)}`);
  }
  // The name decides both types at once, which TypeScript can't follow through a union.
  const handler = handlers[name] as (params: unknown) => Result<N> | Promise<Result<N>>;
  return handler(parsed.data);
}

/** A request as it comes over a wire: nothing of it is believed. Never throws. */
export async function replyTo(app: App, name: unknown, params: unknown): Promise<Reply> {
  try {
    return { ok: true, result: await app.call(name as RequestName, params as Params<RequestName>) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** A defect of Kith is told as such, with its trace for a report; the page has a sentence for it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KithError) return { code: error.code, detail: error.detail };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', detail };
}
