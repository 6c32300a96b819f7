import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import type { EncoderKey } from '../contract/ids.ts';
import type { PairsReport, ScanProgress } from '../contract/results.ts';
import type { Analysis, FoundFace } from '../contract/vision.ts';
import { type LfwPair, lfwPath, parseLfwPairs } from '../grouping/lfw-pairs.ts';
import { distanceOf, dot } from '../grouping/similarity.ts';
import { auc, foldedAccuracy, type Trial, tarAtFar } from '../grouping/verification.ts';
import { alignedFace } from './aligned.ts';
import { inOrder } from './in-order.ts';
import type { AnalysisPool } from './look.ts';
import { Meter } from './meter.ts';

export interface PairsOptions {
  pool: AnalysisPool;
  /** Processes in the pool; twice as many photos are in flight. */
  poolSize: number;
  /** The encoder that the pool's processes use. */
  encoder: EncoderKey;
  /** A pairs file in LFW's format. */
  pairs: string;
  /** Folder with a subfolder for each person. */
  root: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/** A pair of the list, with its answer. */
export interface PairTrial extends Trial {
  /** Both pictures, below the folder, `/` between the parts. */
  paths: readonly [string, string];
}

/** What a list of pairs gave: its figures, and every pair behind them. */
export interface PairsOutcome {
  figures: Omit<PairsReport, 'detector' | 'encoder'>;
  trials: PairTrial[];
  /** Mean of the thresholds at which the folds were judged. */
  threshold: number;
}

/**
 * The verification protocol of Labeled Faces in the Wild, from pictures to figures. Each picture is analysed once,
 * even where it is in several pairs; nothing is recorded.
 *
 * The face nearest the centre of each picture is compared, since LFW has its person there. A pair in which a face was
 * not found counts as "different" at every threshold.
 *
 * @throws KithError file-missing (the pairs file, or a picture that it names), pairs-malformed, cancelled
 */
export async function comparePairs(options: PairsOptions): Promise<PairsOutcome> {
  const { folds, pairs } = parseLfwPairs(await read(options.pairs));
  const paths = [...new Set(pairs.flatMap(({ a, b }) => [lfwPath(a), lfwPath(b)]))];
  await requireAll(options.root, paths);
  const embeddings = await embedAll(options, paths);
  const trials = pairs.map((pair) => toTrial(pair, embeddings));
  const { accuracy, std, thresholds } = foldedAccuracy(trials);
  const figures = {
    pairs: pairs.length,
    folds,
    accuracy,
    std,
    tarAtFar: { '0.001': tarAtFar(trials, 0.001), '0.01': tarAtFar(trials, 0.01) },
    auc: auc(trials),
    noFace: trials.filter(({ distance }) => distance === Number.POSITIVE_INFINITY).length,
  };
  const threshold = thresholds.reduce((sum, value) => sum + value, 0) / thresholds.length;
  return { figures, trials, threshold };
}

/** The face whose middle is nearest the middle of the picture; null when there is none. */
export function centralFace({ faces, width, height }: Analysis): FoundFace | null {
  const offset = ({ box }: FoundFace) =>
    Math.hypot((box.x + box.width / 2 - 0.5) * width, (box.y + box.height / 2 - 0.5) * height);
  return faces.reduce<FoundFace | null>(
    (best, face) => (best === null || offset(face) < offset(best) ? face : best),
    null,
  );
}

async function embedAll(
  { pool, poolSize, encoder, root, signal, onProgress }: PairsOptions,
  paths: string[],
): Promise<Map<string, Float32Array>> {
  const stop = new AbortController();
  const ending = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const embeddings = new Map<string, Float32Array>();
  const meter = new Meter(paths.length, 0);
  const look = (path: string) => centralOf(pool, join(root, path), ending);
  try {
    const limits = { flying: poolSize * 2, ahead: poolSize * 16, signal: ending };
    for await (const { item: path, result: face } of inOrder(paths, look, limits)) {
      if (face !== null) embeddings.set(path, alignedFace(face.embedding, encoder));
      meter.count(path, face === null ? 0 : 1);
      onProgress?.(meter.report());
    }
  } catch (error) {
    throw signal?.aborted ? new KithError('cancelled', root) : error;
  } finally {
    stop.abort();
  }
  return embeddings;
}

/** A picture that can't be read shows no face. */
async function centralOf(pool: AnalysisPool, path: string, signal: AbortSignal): Promise<FoundFace | null> {
  try {
    return centralFace(await pool.analyse(path, { signal }));
  } catch (error) {
    if (error instanceof UnreadablePhoto) return null;
    throw error;
  }
}

function toTrial({ a, b, genuine, fold }: LfwPair, embeddings: Map<string, Float32Array>): PairTrial {
  const paths = [lfwPath(a), lfwPath(b)] as const;
  const [one, other] = [embeddings.get(paths[0]), embeddings.get(paths[1])];
  const distance =
    one === undefined || other === undefined ? Number.POSITIVE_INFINITY : distanceOf(dot(one, other));
  return { distance, genuine, fold, paths };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new KithError('file-missing', path, { cause: error });
  }
}

async function requireAll(root: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    await access(join(root, path)).catch((error: unknown) => {
      throw new KithError('file-missing', `${join(root, path)}, which the list of pairs names`, {
        cause: error,
      });
    });
  }
}
