import { z } from 'zod';
import { Failure } from './errors.ts';
import { ServiceEvent } from './events.ts';

/**
 * What goes over the socket between a page and the browser host: one WebSocket at `/socket`, each frame a JSON text.
 * The page numbers its requests; answers come in any order, and events whenever something happens.
 */

/** Page → host. `name` is one of the contract's or the shell's requests; the door behind it says what is wrong. */
export const RequestFrame = z.object({
  /** The page's own; unique among those that it still waits for. */
  id: z.number().int().nonnegative(),
  name: z.string(),
  params: z.unknown(),
  /** The position that the page has seen, as the last answer told it; null or absent: unknown. */
  seen: z.number().int().nonnegative().nullable().optional(),
});
export type RequestFrame = z.infer<typeof RequestFrame>;

/** Host → page: how one request ended. */
export const ReplyFrame = z.discriminatedUnion('ok', [
  z.object({
    id: z.number().int(),
    ok: z.literal(true),
    result: z.unknown(),
    position: z.number().int().optional(),
  }),
  z.object({
    id: z.number().int(),
    ok: z.literal(false),
    failure: Failure,
    position: z.number().int().optional(),
  }),
]);
export type ReplyFrame = z.infer<typeof ReplyFrame>;

/** Host → page, unasked. */
export const EventFrame = z.object({ event: ServiceEvent });
export type EventFrame = z.infer<typeof EventFrame>;

export const HostFrame = z.union([ReplyFrame, EventFrame]);
export type HostFrame = z.infer<typeof HostFrame>;
