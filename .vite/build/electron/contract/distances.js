import { z } from "zod";
// electron/contract/distances.ts
var counts = z.array(z.number().int().nonnegative());
/** How often two faces lie how far apart: bin i counts distances from i · step up to (i + 1) · step. */
var DistanceCounts = z.object({
	/** Width of a bin, in units of Euclidean distance (0..2). */
	step: z.number().positive(),
	/** Pairs of one person. */
	genuine: counts,
	/** Pairs of two people. */
	impostor: counts
});
/** What an encoder's distances looked like when its calibration was fitted. */
var DistanceTable = DistanceCounts.extend({
	/** The command that made it. */
	command: z.string(),
	/** What it was made on. */
	source: z.string()
});
export { DistanceCounts, DistanceTable };
