import { basename, join } from 'node:path';
import type { PairsReport } from '../contract/results.ts';
import type { HardPair } from '../export/hard-pair.ts';
import { writeReport } from '../export/report.ts';
import { countDistances } from '../grouping/distances.ts';
import { roc } from '../grouping/verification.ts';
import { type HardTrial, worstTrials } from '../grouping/worst.ts';
import { analyseNamed, chipOf } from './compare.ts';
import type { AnalysisPool } from './look.ts';
import { centralFace, type PairsOutcome, type PairTrial } from './pairs.ts';

export { checkReport } from '../export/report-folder.ts';

/** Pairs that a report shows as pictures. Chosen by hand. */
const SHOWN = 10;

/** Width of a bin of the histogram, in Euclidean distance. Chosen by hand. */
const STEP = 0.025;

interface ReportedPairs extends PairsOutcome {
  pool: AnalysisPool;
  /** The list, and the folder that its pictures lie in. */
  pairs: string;
  root: string;
  report: PairsReport;
}

/**
 * Writes what a list of pairs gave as a page of Markdown with its curves and its hardest pairs. Those pairs' pictures
 * are analysed a second time, so that no more than ten pairs of faces are ever kept.
 *
 * @throws KithError output-unwritable, disk-full, photo-unreadable (a picture that changed meanwhile)
 */
export async function reportPairs(folder: string, shown: ReportedPairs): Promise<void> {
  const { pool, root, pairs, report, trials, threshold } = shown;
  const hardest: HardPair[] = [];
  for (const hard of worstTrials(trials, threshold, SHOWN)) hardest.push(await pictured(pool, root, hard));
  await writeReport(folder, {
    report,
    list: basename(pairs),
    curve: roc(trials),
    distances: countDistances(trials, STEP),
    threshold,
    hardest,
  });
}

async function pictured(
  pool: AnalysisPool,
  root: string,
  { trial, wrongBy }: HardTrial<PairTrial>,
): Promise<HardPair> {
  const faces = await Promise.all(
    trial.paths.map(async (path) => {
      const face = centralFace(await analyseNamed(pool, join(root, path), { chips: true }));
      return { name: basename(path), chip: chipOf(face ?? {}) };
    }),
  );
  const { distance, genuine } = trial;
  return { faces: [faces[0]!, faces[1]!], genuine, distance, wrongBy };
}
