import { drawHardPair } from './hard-pair.ts';
import { drawHistogram } from './histogram.ts';
import { fillReport, type ReportFile } from './report-folder.ts';
import { reportPage, type Verification } from './report-page.ts';
import { drawRoc } from './roc.ts';

/**
 * Writes `report.md`, the figures and pictures that it shows, and `report.json`.
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function writeReport(folder: string, shown: Verification): Promise<void> {
  const { report, threshold, hardest } = shown;
  const pictures: ReportFile[] = [
    { stem: 'roc', end: '.svg', content: () => rocOf(shown) },
    { stem: 'distances', end: '.svg', content: () => histogramOf(shown) },
    ...hardest.map(
      (pair, index): ReportFile => ({
        stem: `pair-${String(index + 1).padStart(2, '0')}`,
        end: '.png',
        content: () => drawHardPair(pair),
      }),
    ),
  ];
  const page: ReportFile = {
    stem: 'report',
    end: '.md',
    content: ([, roc, distances, ...pairs]) =>
      reportPage(shown, { roc: roc!, distances: distances!, hardest: pairs }),
  };
  await fillReport(folder, [page, ...pictures], { threshold, ...report });
}

function rocOf({ report, curve, distances }: Verification): string {
  const impostors = sum(distances.impostor);
  return drawRoc({
    curve,
    marks: Object.entries(report.tarAtFar).map(([far, tar]) => ({ far: Number(far), tar })),
    resolution: 1 / Math.max(1, impostors),
    words: `${report.pairs.toLocaleString('en')} pairs, area under the curve ${report.auc.toFixed(4)}; detector ${report.detector}, encoder ${report.encoder}`,
  });
}

function histogramOf({ report, distances, threshold }: Verification): string {
  const [genuine, impostor] = [sum(distances.genuine), sum(distances.impostor)].map((count) =>
    count.toLocaleString('en'),
  );
  return drawHistogram(
    distances,
    threshold,
    `${genuine} genuine and ${impostor} impostor pairs; detector ${report.detector}, encoder ${report.encoder}`,
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
