import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PairsReport } from '../../electron/contract/results.ts';
import { kith, scratch } from './cli.ts';

const shared = process.env.KITH_SHARED;

/** Two folds of `count` pairs of each kind, out of the first two of a longer list. */
function shortened(text: string, count: number): string {
  const [head, ...lines] = text.split('\n');
  const perKind = Number(head!.split('\t')[1]);
  const parts = [0, 1, 2, 3].flatMap((part) => lines.slice(part * perKind, part * perKind + count));
  return `2\t${count}\n${parts.join('\n')}\n`;
}

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.remove());

describe('kith compare --report', () => {
  it('goes with a list of pairs only', async () => {
    const { status, stderr } = await kith(['compare', 'a.jpg', 'b.jpg', '--report', 'here']);
    expect(status).toBe(2);
    expect(stderr).toContain('--report with a list');
  });

  it('is refused before any work in a folder of somebody else', async () => {
    const mine = join(place.folder, 'mine');
    await mkdir(mine);
    await writeFile(join(mine, 'report.md'), 'My own report.');
    const list = join(place.folder, 'none.txt');
    const { status, stderr } = await kith([
      ...['compare', '--pairs', list, '--root', place.folder, '--report', mine],
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain(`This can't be written: ${mine}`);
    expect(readFileSync(join(mine, 'report.md'), 'utf8')).toBe('My own report.');
  });
});

describe.skipIf(!shared)('kith compare --report on LFW (KITH_SHARED)', () => {
  it('writes figures, curves and the ten hardest pairs, and may do so again', async () => {
    const faces = join(shared ?? '', 'faces');
    const list = join(place.folder, 'short list.txt');
    await writeFile(list, shortened(await readFile(join(faces, 'lfw-dev-pairs.txt'), 'utf8'), 6));
    const report = join(place.folder, 'report');
    const words = ['compare', '--pairs', list, '--root', join(faces, 'lfw-dev'), '--report', report];
    const { status, stdout } = await kith([...words, '--json']);
    expect(status).toBe(0);
    const figures = PairsReport.parse(JSON.parse(stdout));
    expect(figures).toMatchObject({ pairs: 24, folds: 2 });

    const pictures = Array.from({ length: 10 }, (_, n) => `pair-${String(n + 1).padStart(2, '0')}.png`);
    const files = ['.kith-export', 'distances.svg', ...pictures, 'report.json', 'report.md', 'roc.svg'];
    expect(readdirSync(report).sort()).toEqual(files);
    const page = await readFile(join(report, 'report.md'), 'utf8');
    for (const file of [...pictures, 'distances.svg', 'roc.svg']) expect(page).toContain(`](${file})`);
    expect(page).toContain(`| area under the curve | ${figures.auc.toFixed(4)} |`);
    for (const file of pictures) {
      expect(await sharp(join(report, file)).metadata()).toMatchObject({ format: 'png', width: 904 });
    }

    await writeFile(join(report, 'thoughts.txt'), 'Mine.');
    expect((await kith(words)).stdout).toContain(`Report: ${join(report, 'report.md')}`);
    expect(readdirSync(report).sort()).toEqual([...files, 'thoughts.txt'].sort());
  });
});
