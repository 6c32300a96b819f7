import { z } from 'zod';

/**
 * What faces of an encoder are usually like, for libraries that are too small to tell: the means of clusters of many
 * faces of many people. Fitted by `npm run eval -- cohort`; see grouping/catalog-cohort.ts.
 */
export const CohortFile = z.object({
  /** The command that made it. */
  command: z.string(),
  /** What it was made on. */
  source: z.string(),
  /** Mean similarity of two people, where nothing makes people alike. */
  level: z.number(),
  /** Numbers of each mean. */
  size: z.number().int().positive(),
  /** What one step of the packed numbers is worth. */
  step: z.number().positive(),
  /** The means in signed bytes, one after the other, as base64. */
  means: z.base64(),
});
export type CohortFile = z.infer<typeof CohortFile>;
