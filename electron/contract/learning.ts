import { z } from 'zod';
import { DistanceCounts } from './distances.ts';
import { EncoderId } from './ids.ts';

/** What a metric may be trained by. */
export const LossName = z.enum(['triplet', 'contrastive']);
export type LossName = z.infer<typeof LossName>;

/** Confirmed faces, and people whose they are, below which nothing is learned. */
export const LEAST_TO_LEARN = { faces: 50, people: 5 } as const;

/** How well a metric does on pairs of faces of which one at least was kept from its training. */
export const MetricFigures = z.object({
  /** What is not known of a pair: 0 nothing, 1 as much as without any metric. */
  doubt: z.number(),
  /** Share of genuine pairs accepted where that share of impostors is, 0..1. */
  tarAtFar: z.object({ '0.001': z.number(), '0.01': z.number() }),
});
export type MetricFigures = z.infer<typeof MetricFigures>;

/** What came of learning from confirmed faces. */
export const Learning = z.object({
  encoder: EncoderId,
  loss: LossName,
  /** Confirmed faces that were learned from, and people whose they are. */
  faces: z.number().int(),
  people: z.number().int(),
  /** Pairs that were judged, by each metric. */
  pairs: z.object({ genuine: z.number().int(), impostor: z.number().int() }),
  /** The encoder's own metric, and the learned one. */
  before: MetricFigures,
  after: MetricFigures,
  /** Doubt that the learned metric takes away; between `low` and `high` with 95 %. */
  gain: z.object({ mean: z.number(), low: z.number(), high: z.number() }),
  adopted: z.boolean(),
  /**
   * `better`: by more than chance and a twentieth of the doubt, and so adopted. Dropped: `not-better`; `fewer-accepted`, genuine pairs at a false
   * accept rate of 1 %; `labels-disagree`, faces of one name are not like each other.
   */
  reason: z.enum(['better', 'not-better', 'fewer-accepted', 'labels-disagree']),
  /** Seconds that it took. */
  seconds: z.number(),
});
export type Learning = z.infer<typeof Learning>;

/** Whether there is enough to learn from, and what was learned. */
export const LearningState = z.object({
  encoder: EncoderId,
  faces: z.number().int(),
  people: z.number().int(),
  /** How many of each it takes. */
  least: z.object({ faces: z.number().int(), people: z.number().int() }),
  /** What is in use; null: the encoder's own metric. */
  metric: Learning.nullable(),
});
export type LearningState = z.infer<typeof LearningState>;

/** What a report of learning shows beside its figures. */
export const LearningCurves = z.object({
  /** Loss of each step's batch. */
  loss: z.array(z.number()),
  /** Distances of the judged pairs, and the distance that tells nothing, under either metric. */
  before: z.object({ distances: DistanceCounts, even: z.number() }),
  after: z.object({ distances: DistanceCounts, even: z.number() }),
});
export type LearningCurves = z.infer<typeof LearningCurves>;
