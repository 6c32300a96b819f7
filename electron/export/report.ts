import { join } from 'node:path';
import { z } from 'zod';
import { claim, type Manifest, sweep } from './claim.ts';
import { writeWhole } from './files.ts';
import { drawHardPair } from './hard-pair.ts';
import { drawHistogram } from './histogram.ts';
import { NameBook } from './names.ts';
import { reportPage, type Verification } from './report-page.ts';
import { drawRoc } from './roc.ts';

/** Names in one folder, as Kith's reports have them. */
const Owned = z.object({
  writtenBy: z.literal('kith'),
  files: z.array(z.string().regex(/^[^/\\]+\.(md|svg|png)$/)),
});

const MANIFEST: Manifest = {
  name: 'report.json',
  own: (json) => Owned.parse(json).files,
};

/**
 * Looks before the work whether a report can be written into this folder: empty, new, or with a report of Kith's.
 * @throws KithError `output-unwritable`
 */
export async function checkReport(folder: string): Promise<void> {
  await claim(folder, MANIFEST);
}

/**
 * Writes `report.md`, the figures and pictures that it shows, and `report.json`, which names them all. Repeating it
 * replaces what it wrote before and nothing else.
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function writeReport(folder: string, shown: Verification): Promise<void> {
  const before = await claim(folder, MANIFEST);
  const book = new NameBook([...before.foreign, MANIFEST.name]);
  const take = (stem: string, end: string) => book.take('', stem, end);
  const files = {
    page: take('report', '.md'),
    roc: take('roc', '.svg'),
    distances: take('distances', '.svg'),
    hardest: shown.hardest.map((_, index) => take(`pair-${String(index + 1).padStart(2, '0')}`, '.png')),
  };
  const now = [files.page, files.roc, files.distances, ...files.hardest];
  const stale = before.own.filter((file) => !now.includes(file));
  // Old and new files are both named first: whenever Kith is killed, the next run knows its own.
  await writeManifest(folder, [...now, ...stale], shown);
  await writeWhole(join(folder, files.roc), rocOf(shown));
  await writeWhole(join(folder, files.distances), histogramOf(shown));
  for (const [index, pair] of shown.hardest.entries()) {
    await writeWhole(join(folder, files.hardest[index]!), await drawHardPair(pair));
  }
  await writeWhole(join(folder, files.page), reportPage(shown, files));
  await sweep(folder, stale);
  await writeManifest(folder, now, shown);
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

function writeManifest(folder: string, files: string[], { report, threshold }: Verification): Promise<void> {
  const manifest = { writtenBy: 'kith', version: 1, files, threshold, ...report };
  return writeWhole(join(folder, MANIFEST.name), `${JSON.stringify(manifest, null, 2)}\n`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
