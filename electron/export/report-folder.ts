import { join } from 'node:path';
import { z } from 'zod';
import { claim, type Manifest, sweep } from './claim.ts';
import { writeWhole } from './files.ts';
import { NameBook } from './names.ts';

/** Names in one folder, as Kith's reports have them. */
const Owned = z.object({
  writtenBy: z.literal('kith'),
  files: z.array(z.string().regex(/^[^/\\]+\.(md|svg|png)$/)),
});

const MANIFEST: Manifest = {
  name: 'report.json',
  own: (json) => Owned.parse(json).files,
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
  await claim(folder, MANIFEST);
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
  const before = await claim(folder, MANIFEST);
  const book = new NameBook([...before.foreign, MANIFEST.name]);
  const names = files.map(({ stem, end }) => book.take('', stem, end));
  const stale = before.own.filter((file) => !names.includes(file));
  const writeManifest = (all: readonly string[]) => {
    const manifest = { writtenBy: 'kith', version: 1, files: all, ...figures };
    return writeWhole(join(folder, MANIFEST.name), `${JSON.stringify(manifest, null, 2)}\n`);
  };
  const write = async (at: number) => writeWhole(join(folder, names[at]!), await files[at]!.content(names));
  // Old and new files are both named first: whenever Kith is killed, the next run knows its own.
  await writeManifest([...names, ...stale]);
  for (let at = 1; at < files.length; at++) await write(at);
  await write(0);
  await sweep(folder, stale);
  await writeManifest(names);
}
