import { z } from 'zod';
import { EventFrame, ReplyFrame, RequestFrame } from '../contract/wire.ts';

/**
 * The frames between the owner of a library and the processes that are connected to it. Each text is a JSON frame: those
 * between a page and the browser host, and some more. The bytes of a picture come as a binary frame.
 */

/** The owner's first frame. A process of another version disconnects again. */
export const Hello = z.object({ hello: z.object({ version: z.string(), position: z.number().int() }) });
export type Hello = z.infer<typeof Hello>;

/** The sender no longer waits for this request. */
const Abort = z.object({ abort: z.number().int() });

/** The sender leaves. Where it is the last, it waits until the owner has closed the library. */
const Leave = z.object({ leave: z.literal(true) });

const id = z.number().int().nonnegative();

const PictureRequest = z.object({
  id,
  picture: z.enum(['face', 'crop', 'photo']),
  of: z.number(),
  size: z.number().optional(),
  known: z.string().optional(),
  head: z.boolean().optional(),
});

const CallRequest = RequestFrame.extend({ sender: z.string().optional() });

export const ToOwner = z.union([CallRequest, PictureRequest, Abort, Leave]);
export type ToOwner = z.infer<typeof ToOwner>;

/**
 * Answer to a request of a picture without bytes: the sender has the edition, or, `edition` null, there is no
 * picture.
 */
const NoPicture = z.object({ id, edition: z.string().nullable(), type: z.string() });

export const FromOwner = z.union([Hello, NoPicture, ReplyFrame, EventFrame]);
export type FromOwner = z.infer<typeof FromOwner>;

/** A picture with its bytes: number of the request (4 bytes), lengths of edition and type (1 each), both, the bytes. */
export function packPicture(request: number, edition: string, type: string, bytes: Uint8Array): Buffer {
  const [name, kind] = [Buffer.from(edition), Buffer.from(type)];
  const head = Buffer.alloc(6);
  head.writeUInt32BE(request);
  head.writeUInt8(name.length, 4);
  head.writeUInt8(kind.length, 5);
  return Buffer.concat([head, name, kind, bytes]);
}

export function unpackPicture(frame: Buffer): {
  id: number;
  edition: string;
  type: string;
  bytes: Uint8Array;
} {
  const [edition, type] = [6 + frame.readUInt8(4), 6 + frame.readUInt8(4) + frame.readUInt8(5)];
  return {
    id: frame.readUInt32BE(),
    edition: frame.toString('utf8', 6, edition),
    type: frame.toString('utf8', edition, type),
    bytes: frame.subarray(type),
  };
}
