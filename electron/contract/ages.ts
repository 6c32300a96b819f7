import { z } from 'zod';

/**
 * How an encoder sees children. Networks that learned from grown-ups draw children together: what two children look
 * like to such a network is mostly that both are children. The probability that a face is a child's is
 *
 *     p = 1 / (1 + e^−z),  z = weights · x + bias
 *
 * and its embedding is aligned with those of grown-ups by x ↦ normalise((1 + p · (spread − 1)) · x + p · offset). Fitted
 * by `npm run eval -- ages fit`; see grouping/age-alignment.ts.
 */
export const AgeAlignment = z.object({
  /** Log-odds that a face is a child's. One for each number of an embedding. */
  weights: z.array(z.number()).min(1),
  bias: z.number(),
  /** How much farther children are drawn apart from each other. */
  spread: z.number().min(1),
  /** What is added to a child's embedding: the mean of grown-ups less `spread` times the mean of children. */
  offset: z.array(z.number()).min(1),
});
export type AgeAlignment = z.infer<typeof AgeAlignment>;

/** An alignment as it is kept. */
export const AgeModel = AgeAlignment.extend({
  /** The command that made it. */
  command: z.string(),
  /** What it was made on. */
  source: z.string(),
}).refine(({ weights, offset }) => weights.length === offset.length, 'Expected as many weights as offsets');
export type AgeModel = z.infer<typeof AgeModel>;
