import { z } from 'zod';

const counts = z.array(z.number().int().nonnegative());

/** How often two faces lie how far apart: bin i counts distances from i · step up to (i + 1) · step. */
export const DistanceCounts = z.object({
  /** Width of a bin, in units of Euclidean distance (0..2). */
  step: z.number().positive(),
  /** Pairs of one person. */
  genuine: counts,
  /** Pairs of two people. */
  impostor: counts,
});
export type DistanceCounts = z.infer<typeof DistanceCounts>;

/** What an encoder's distances looked like when its calibration was fitted. */
export const DistanceTable = DistanceCounts.extend({
  /** Pairs of two people on one photo: in one light, by one camera, they are nearer than others. */
  together: counts.optional(),
  /** The command that made it. */
  command: z.string(),
  /** What it was made on. */
  source: z.string(),
});
export type DistanceTable = z.infer<typeof DistanceTable>;
