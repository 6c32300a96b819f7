import { z } from 'zod';
import { Failure } from './errors.ts';
import { nothing, request } from './request-parts.ts';

/** How far the download of the recommended models is. */
export const RecommendedDownload = z.object({
  /**
   * `idle`: nobody has asked for it since the start, or it was stopped; `waiting`: the connection failed and is tried
   * again; `installing`: what came is converted and tried out.
   */
  phase: z.enum(['idle', 'fetching', 'waiting', 'installing', 'failed', 'installed']),
  /** Bytes of all models together. */
  done: z.number(),
  total: z.number(),
  /** Bytes per second; 0 while it can't be told. */
  rate: z.number(),
  /** Where phase is `failed`. */
  failure: Failure.nullable(),
});
export type RecommendedDownload = z.infer<typeof RecommendedDownload>;

/** The models that Kith recommends. */
export const Recommended = z.object({
  /** What is not installed of them. `bytes`: of the download, nearly. */
  missing: z.array(
    z.object({
      title: z.string(),
      bytes: z.number().int(),
      licence: z.string(),
      address: z.string(),
    }),
  ),
  /** Whether the first screens offer them: somebody who said no, or went over to other models, is not asked. */
  offered: z.boolean(),
  /** Whether the library's groups were made by another encoder than the one in use. */
  behind: z.boolean(),
  download: RecommendedDownload,
});
export type Recommended = z.infer<typeof Recommended>;

export const recommendedRequests = {
  'recommended.state': request(nothing, Recommended),
  /**
   * Downloads what is missing in the background, goes over to it and brings the library over. The page has asked before.
   * How far it is comes as `recommended`.
   */
  'recommended.get': request(nothing, nothing),
  /** Stops the download. What came is kept for the next one. */
  'recommended.stop': request(nothing, nothing),
} as const;
