import { z } from 'zod';

/**
 * What an encoder's distances mean: Euclidean distance d between two L2-normalised embeddings (0..2) and the
 * poorer of the two faces' qualities q (0..1) → evidence that both faces are one person:
 *
 *     evidence = intercept + slope · d + qualitySlope · (1 − q)        natural logarithm of a likelihood ratio
 *     log-odds = evidence + ln(prior / (1 − prior))             prior: share of pairs that are one person
 *
 * Evidence does not depend on who else is in the library; the prior does, and is always said by the caller:
 * two pictures that somebody chose to compare are met with even odds, two faces of a library with long ones.
 * Fitted by maximum likelihood (grouping/calibrate.ts) on pairs weighted to even odds.
 */
export const Calibration = z.object({
  /** Evidence at distance 0 between two faces of quality 1. */
  intercept: z.number(),
  /** Evidence lost with each unit of distance. */
  slope: z.number().negative(),
  /** Evidence lost where the poorer face has quality 0; in proportion in between. */
  qualitySlope: z.number().max(0),
  /** Evidence that faces of two groups must show, on average, before grouping takes both for one person. */
  link: z.number(),
  /** Quality, 0..1, below which a face never founds a group, only joins one, with more evidence. */
  founder: z.number().min(0).max(1),
  /**
   * What similarity to a person means, open-set: log-odds = intercept + slope · similarity + knee.slope · (what similarity
   * is above knee.from) + lead · (lead over the next person) + inCluster · (1 in a group with an example of the person, else
   * 0) − child · (probability that the face is a child's) − gallery · ln(effective gallery size). Left out where it was
   * never fitted.
   */
  match: z
    .object({
      intercept: z.number(),
      slope: z.number().positive(),
      /** Above it evidence rises faster: hardly anybody is as similar as that to somebody else. */
      knee: z.object({ from: z.number(), slope: z.number().min(0) }).optional(),
      lead: z.number(),
      inCluster: z.number().default(0),
      /** Evidence that a child's face must show in addition; in proportion where it is one by some probability. */
      child: z.number().min(0).optional(),
      /** How much the effective gallery size counts: 1, as in theory, where left out. */
      gallery: z.number().positive().optional(),
    })
    .optional(),
});
export type Calibration = z.infer<typeof Calibration>;
