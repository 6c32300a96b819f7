import { z } from 'zod';
import { checkPlace, type Layout } from './claim.ts';
import { ExportFolder, type Rows } from './folder.ts';
import { NameBook } from './names.ts';

const MANIFEST = 'report.json';

/** A manifest of versions 1 and 2. */
const Manifest = z.object({ writtenBy: z.literal('kith'), files: z.array(z.string()) });

/** How a report looks. */
const REPORT: Layout = {
  kind: 'report',
  manifest: MANIFEST,
  own: /^[^./\\][^/\\]*\.(?:md|svg|png)$/,
  former: (manifest) => Manifest.parse(manifest).files,
};

/** One file of a report. */
export interface ReportFile {
  stem: string;
  end: '.md' | '.svg' | '.png';
  /** What is in it; `names`: those of all files, in their order. */
  content(names: readonly string[]): string | Uint8Array | Promise<string | Uint8Array>;
}

/**
 * Looks before the work whether a report can be written into this folder: empty, new, or with a report of Kith's.
 * @throws KithError `output-unwritable`
 */
export async function checkReport(folder: string): Promise<void> {
  await checkPlace(folder, REPORT);
}

/**
 * Writes the files of a report, and `report.json`, which names them all. Repeating it replaces what it wrote before and
 * nothing else.
 *
 * @param files the page first; it is written last, when all that it shows is there
 * @param figures what else `report.json` says
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function fillReport(
  folder: string,
  files: readonly ReportFile[],
  figures: Record<string, unknown>,
): Promise<void> {
  const into = await ExportFolder.open(folder, REPORT);
  let order: readonly string[] = [];
  const manifest = (rows: Rows) => {
    const there = new Set(rows.map(({ file }) => file));
    const names = order.filter((name) => there.has(name));
    return `${JSON.stringify({ writtenBy: 'kith', version: 2, files: names, ...figures }, null, 2)}\n`;
  };
  try {
    const book = new NameBook([...into.foreign, MANIFEST]);
    const names = files.map(({ stem, end }) => book.take('', stem, end));
    order = names;
    await into.begin([]);
    for (const at of [...names.keys()].slice(1).concat(0)) {
      await into.put(names[at]!, await files[at]!.content(names));
    }
    await into.sweep(names);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  }
  await into.close(manifest);
}
