import { tryMetric } from '../grouping/metric-trial.ts';
import type { LearnTask } from './learn.ts';
import { answerOnce } from './thread.ts';

/** A thread that learns once and ends. */
await answerOnce(async ({ confirmed, loss, qualitySlope }: LearnTask) =>
  tryMetric(confirmed, loss, { qualitySlope }),
);
