import { z } from 'zod';
import { Failure } from '../contract/errors.ts';
import { DetectorId, EncoderId } from '../contract/ids.ts';

/** The setup that a process sends once to the owner that it starts. */
export const OwnerSetup = z.object({
  /** Absolute path of the library. */
  libraryFile: z.string(),
  detector: DetectorId.optional(),
  encoder: EncoderId.optional(),
});
export type OwnerSetup = z.infer<typeof OwnerSetup>;

/**
 * The owner's answer. `listening`: it accepts connections. `taken`: another process owns the library, and this one ends.
 * `failed`: it can't open the library, and ends.
 */
export const OwnerStart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening') }),
  z.object({ kind: z.literal('taken') }),
  z.object({ kind: z.literal('failed'), failure: Failure }),
]);
export type OwnerStart = z.infer<typeof OwnerStart>;

/** Starts a process that runs `owner/main.ts`. Resolves with its answer; rejects where it ends without one. */
export type StartOwner = (setup: OwnerSetup) => Promise<OwnerStart>;
