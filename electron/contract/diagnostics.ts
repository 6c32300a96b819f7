import { z } from 'zod';

/** What helps to find a defect: the log's last lines, and the machine. None of it holds a name or a picture. */
export const Diagnostics = z.object({
  /** Absolute path of the log's file: the one text here that may hold the user's name. */
  file: z.string(),
  /** The last lines of the log, the oldest first. */
  lines: z.array(z.string()).max(200),
  /** Versions, and how much of a machine this is. */
  system: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Diagnostics = z.infer<typeof Diagnostics>;
