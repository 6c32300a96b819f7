import { z } from 'zod';
import { Failure } from '../contract/events.ts';
import { DetectorId, EncoderId } from '../contract/ids.ts';

/** What an owner is told once by the process that starts it. */
export const OwnerSetup = z.object({
  /** Absolute path of the library. */
  libraryFile: z.string(),
  detector: DetectorId.optional(),
  encoder: EncoderId.optional(),
});
export type OwnerSetup = z.infer<typeof OwnerSetup>;

/**
 * What it answers with: it listens; another process owns the library already, so this one ends; or it can't open the
 * library, and ends.
 */
export const OwnerStart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening') }),
  z.object({ kind: z.literal('taken') }),
  z.object({ kind: z.literal('failed'), failure: Failure }),
]);
export type OwnerStart = z.infer<typeof OwnerStart>;

/** Starts a process that runs `owner/main.ts`; resolves with what it says first. Rejects where it ended without a word. */
export type StartOwner = (setup: OwnerSetup) => Promise<OwnerStart>;
