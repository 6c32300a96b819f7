import { z } from 'zod';
import { OwnerSetup, OwnerStart } from '../owner/messages.ts';

/** Numbers a vision process among those of one owner. */
const id = z.number().int().nonnegative();

/** What the main process tells the owner of the library. */
export const ToOwner = z.discriminatedUnion('kind', [
  /** Comes first, with a port that closes when the main process has ended, however that was. */
  z.object({ kind: z.literal('setup'), setup: OwnerSetup }),
  /** A vision process was started; its port comes with this. */
  z.object({ kind: z.literal('started'), id }),
  z.object({ kind: z.literal('ended'), id, how: z.string() }),
  /** The app quits: close the library, and end. */
  z.object({ kind: z.literal('quit') }),
]);
export type ToOwner = z.infer<typeof ToOwner>;

/** What the owner tells the main process, which alone can start and end processes. */
export const FromOwner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), start: OwnerStart }),
  z.object({ kind: z.literal('start'), id }),
  z.object({ kind: z.literal('kill'), id }),
]);
export type FromOwner = z.infer<typeof FromOwner>;
