import { availableParallelism } from 'node:os';
import { calibrationFor } from '../../models/calibration.ts';
import { distancesOf } from '../../models/cards.ts';
import { openStore } from '../../models/store.ts';
import { type DetectorId, type EncoderKey, encoderOf } from '../contract/ids.ts';
import type { DetectedImage, PairsReport } from '../contract/results.ts';
import type { ProviderChoice, ProviderRefusal, VisionSetup } from '../contract/vision.ts';
import { type PoolOptions, startPool } from '../vision/pool.ts';
import { analyseNamed, comparePhotos, type ShownComparison } from './compare.ts';
import { rectOf } from './folder-groups.ts';
import type { AnalysisPool } from './look.ts';
import { comparePairs, type PairsOptions } from './pairs.ts';
import { checkReport, reportPairs } from './report.ts';

/** Longest side, in pixels, to which photos are decoded. Chosen by hand. */
const MAX_SIDE = 1600;

export interface ToolsOptions {
  detector: DetectorId;
  /** With the weights that are installed: see models/encoder.ts. */
  encoder: EncoderKey;
  /** What computes the networks; the CPU when left out. */
  provider?: ProviderChoice | undefined;
  /** Told why another provider than the CPU is not used. */
  onRefused?: ((refusal: ProviderRefusal) => void) | undefined;
  /** Vision processes; one for each core when left out. */
  poolSize?: number;
  /** Folders in which models are looked up; the usual ones when left out. */
  models?: readonly string[];
  /** Starts the vision processes; for tests of the order of work. */
  startPool?: (
    setup: VisionSetup,
    options: Pick<PoolOptions, 'size' | 'onTrouble'>,
  ) => AnalysisPool & { close(): Promise<void> };
}

/** Work on photos that needs no library. All failures that a user can do something about are KithErrors. */
export interface Tools {
  /** Finds the faces on one photo. `crops`: a small JPEG of each face, in the same order. */
  detectImage(path: string): Promise<DetectedImage & { crops: Uint8Array[] }>;
  /** Are the largest faces of these two photos one person's? `chips`: both as the encoder saw them. */
  comparePhotos(a: string, b: string): Promise<ShownComparison>;
  /**
   * The same for a list of pairs whose answers are known.
   * @param work.report a folder into which curves, tables and the hardest pairs are written
   */
  comparePairs(
    work: Omit<PairsOptions, 'pool' | 'poolSize' | 'encoder'> & { report?: string },
  ): Promise<PairsReport>;
  /** Ends the vision processes. */
  close(): Promise<void>;
}

/** Vision processes are started when first needed. */
export function openTools(options: ToolsOptions): Tools {
  const { detector, encoder, provider, onRefused, poolSize = availableParallelism() } = options;
  /** As results name them, without the hash of the weights. */
  const by = { detector, encoder: encoderOf(encoder).id };
  const { folders } = openStore(options.models ? { folders: options.models } : {});
  let started: (AnalysisPool & { close(): Promise<void> }) | null = null;

  function pool() {
    const vision: VisionSetup = { detector, encoder, models: [...folders], maxSide: MAX_SIDE, provider };
    started ??= (options.startPool ?? startPool)(vision, {
      size: poolSize,
      onTrouble: (trouble) => trouble.kind === 'refused' && onRefused?.(trouble.refusal),
    });
    return started;
  }

  return {
    async detectImage(path) {
      const { width, height, faces } = await analyseNamed(pool(), path);
      const size = { width, height };
      const found = faces.map(({ box, score, quality }) => ({ box: rectOf(box, size), score, quality }));
      return { path, width, height, detector, faces: found, crops: faces.map(({ crop }) => crop) };
    },

    comparePhotos(a, b) {
      const known = {
        encoder,
        calibration: calibrationFor(encoder, folders),
        distances: distancesOf(encoder, folders),
      };
      return comparePhotos(pool(), [a, b], by, known);
    },

    async comparePairs({ report: folder, ...work }) {
      if (folder !== undefined) await checkReport(folder);
      const outcome = await comparePairs({ ...work, pool: pool(), poolSize, encoder });
      const report = { ...outcome.figures, ...by };
      if (folder !== undefined) await reportPairs(folder, { ...work, ...outcome, report, pool: pool() });
      return report;
    },

    close: async () => started?.close(),
  };
}
