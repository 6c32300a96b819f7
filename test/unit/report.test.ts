import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DistanceTable } from '../../electron/contract/distances.ts';
import type { PairsReport } from '../../electron/contract/results.ts';
import { drawComparison } from '../../electron/export/comparison.ts';
import { drawHistogram } from '../../electron/export/histogram.ts';
import { fitted, letter, widthOf } from '../../electron/export/lettering.ts';
import { writeReport } from '../../electron/export/report.ts';
import { reportPage } from '../../electron/export/report-page.ts';
import { drawRoc } from '../../electron/export/roc.ts';
import { countDistances } from '../../electron/grouping/distances.ts';
import { roc, type Trial } from '../../electron/grouping/verification.ts';
import { worstTrials } from '../../electron/grouping/worst.ts';
import { distancesOf } from '../../models/cards.ts';
import { writeDistances } from '../eval/histogram.ts';
import { random } from '../fixtures/random.ts';

const next = random(7);

/** Genuine pairs around 0.3, impostor pairs around 0.6, and one pair without a face. */
const trials: Trial[] = [
  ...Array.from({ length: 200 }, (_, index) => {
    const genuine = index % 2 === 0;
    return { genuine, distance: (genuine ? 0.3 : 0.6) + (next() - 0.5) * 0.5 };
  }),
  { genuine: true, distance: Number.POSITIVE_INFINITY },
];
const threshold = 0.45;

/** What libxml2 reads of it: a document that is not well formed is refused. */
const drawn = (document: string) => sharp(Buffer.from(document)).stats();

/** Points of a path that is made of straight lines. */
const pointsOf = (d: string) => d.match(/[ML]/g)?.length;

describe('distances in bins', () => {
  it('are all counted, each in its bin, but for pairs without one', () => {
    const { genuine, impostor } = countDistances(trials, 0.1);
    expect(genuine.reduce((sum, count) => sum + count)).toBe(100);
    expect(impostor.reduce((sum, count) => sum + count)).toBe(100);
    const inThird = trials.filter((pair) => pair.genuine && pair.distance >= 0.2 && pair.distance < 0.3);
    expect(genuine[2]).toBe(inThird.length);
    expect(countDistances([{ genuine: true, distance: 0.3 }], 0.1).genuine).toEqual([0, 0, 0, 1]);
  });

  it('of dlib are kept with their source', () => {
    const table = DistanceTable.parse(distancesOf('dlib'));
    expect(table.command).toContain('calibrate');
    expect(distancesOf('dlib')?.genuine.length).toBeLessThan(table.impostor.length);
  });
});

describe('the table of an evaluation', () => {
  it('counts every genuine pair and a sample of the others, and reads back as written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kith-table-')), 'cards', 'dlib.json');
    // Twenty people, three faces each: 60 genuine pairs, 1,710 impostor ones.
    const faces = new Map(
      Array.from({ length: 60 }, (_, index) => {
        const angle = Math.floor(index / 3) + next() * 0.1;
        const face = {
          ...{ path: `${index}.jpg`, person: String(Math.floor(index / 3)), quality: 1, group: null },
          childhood: 0,
          embedding: Float32Array.of(Math.cos(angle), Math.sin(angle)),
        };
        return [face.path, face];
      }),
    );
    expect(writeDistances({ detector: 'ssd', encoder: 'dlib', faces, together: [0.5, 0.51] }, file)).toBe(
      file,
    );
    const table = DistanceTable.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(table.genuine.reduce((sum, count) => sum + count)).toBe(60);
    expect(table.impostor.reduce((sum, count) => sum + count)).toBe(Math.ceil(1710 / 97));
    expect(table.together!.reduce((sum, count) => sum + count)).toBe(2);
    expect(table.command).toBe('npm run eval -- calibrate ssd/dlib');
    rmSync(dirname(dirname(file)), { recursive: true });
  });
});

describe('the hardest pairs', () => {
  it('are the genuine ones farthest apart and the impostors nearest, the worst first', () => {
    const worst = worstTrials(trials, threshold, 10);
    const distances = (genuine: boolean) =>
      trials
        .filter((trial) => trial.genuine === genuine && trial.distance < 2)
        .map((trial) => trial.distance);
    const far = distances(true).sort((a, b) => b - a);
    const near = distances(false).sort((a, b) => a - b);
    const chosen = (genuine: boolean) =>
      worst.filter(({ trial }) => trial.genuine === genuine).map(({ trial }) => trial.distance);
    expect(chosen(true)).toEqual(far.slice(0, 5));
    expect(chosen(false)).toEqual(near.slice(0, 5));
    expect(worst.map(({ wrongBy }) => wrongBy)).toEqual(
      worst.map(({ wrongBy }) => wrongBy).toSorted((a, b) => b - a),
    );
    // A threshold that is moved by so much towards a pair answers it rightly, and by a little less does not.
    for (const { trial, wrongBy } of worst) {
      const taken = (by: number) => trial.distance <= threshold + (trial.genuine ? by : -by);
      expect([taken(wrongBy - 1e-9), taken(wrongBy + 1e-9)]).toEqual([!trial.genuine, trial.genuine]);
    }
  });

  it('are fewer where the list is short, and more of one kind where the other runs out', () => {
    const few = [...trials.filter(({ genuine }) => genuine).slice(0, 20), trials[1]!];
    const worst = worstTrials(few, threshold, 10);
    expect(worst).toHaveLength(10);
    expect(worst.filter(({ trial }) => !trial.genuine)).toHaveLength(1);
    expect(worstTrials(trials.slice(0, 3), threshold, 10)).toHaveLength(3);
  });
});

describe('the curves', () => {
  it('show every point of the ROC, inside the frame', async () => {
    const curve = roc(trials);
    const picture = drawRoc({ curve, marks: [curve[50]!], resolution: 0.01, words: '201 pairs' });
    await drawn(picture);
    const d = /class="curve"[^>]* d="([^"]+)"/.exec(picture)?.[1] ?? '';
    expect(pointsOf(d)).toBe(curve.length);
    for (const [, x, y] of d.matchAll(/[ML]([\d.]+),([\d.]+)/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(84);
      expect(Number(x)).toBeLessThanOrEqual(680);
      expect(Number(y)).toBeGreaterThanOrEqual(104);
      expect(Number(y)).toBeLessThanOrEqual(424);
    }
  });

  it('are drawn of any list, however short or hopeless', async () => {
    for (const list of [trials.slice(0, 2), [...trials].map((trial) => ({ ...trial, distance: 1 }))]) {
      await drawn(drawRoc({ curve: roc(list), marks: [], resolution: 1, words: '' }));
      const histogram = drawHistogram(countDistances(list, 0.1), threshold, 'few < many & "more"');
      expect(histogram).not.toContain('NaN');
      await drawn(histogram);
    }
    const lost = trials.map((trial) => ({ ...trial, distance: Number.POSITIVE_INFINITY }));
    expect(drawHistogram(countDistances(lost, 0.1), threshold, '')).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('set any name in outlines, shortened where it is too long', () => {
    const label = letter('τ Łódź <Anna> 王.jpg', { x: 0, y: 0, size: 12, fill: '#000' });
    expect(label).toContain('aria-label="τ Łódź &lt;Anna&gt; 王.jpg"');
    expect(label).not.toContain('<text');
    const short = fitted('a'.repeat(300), 100, 12);
    expect(widthOf(short, 12)).toBeLessThanOrEqual(100);
    expect(short).toMatch(/^a+…a+$/);
  });
});

const chip = await sharp({ create: { width: 150, height: 150, channels: 3, background: '#b98' } })
  .png()
  .toBuffer();
const faces = [
  { name: 'Ada_0001.jpg', chip },
  { name: 'Bob|_0001.jpg', chip },
] as const;

describe('the picture of a comparison', () => {
  it.each(['dlib', 'facenet-128'] as const)('is drawn for %s, with curves or without', async (encoder) => {
    const result = {
      distance: 1.2,
      threshold: 0.4,
      probability: 0,
      same: false,
      detector: 'ssd',
      encoder,
    } as const;
    const picture = await drawComparison(faces, result, encoder === 'dlib' ? distancesOf('dlib') : null);
    const { width, height } = await sharp(await picture.png().toBuffer()).metadata();
    expect({ width, height }).toEqual({ width: 1440, height: 1500 });
  });
});

describe('the report', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kith-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const report: PairsReport = {
    ...{ pairs: 201, folds: 1, accuracy: 0.9, std: 0, tarAtFar: { '0.001': 0.5, '0.01': 0.6 } },
    ...{ auc: 0.95, noFace: 1, detector: 'ssd', encoder: 'dlib' },
  };
  const shown = (count: number) => ({
    report,
    list: 'my *list*.txt',
    curve: roc(trials),
    distances: countDistances(trials, 0.1),
    threshold,
    hardest: worstTrials(trials, threshold, count).map(({ trial, wrongBy }) => ({
      ...trial,
      wrongBy,
      faces,
    })),
  });

  it('is replaced by the next, which takes away no file but its own', async () => {
    await writeReport(folder, shown(3));
    writeFileSync(join(folder, 'pair-09.png'), 'mine');
    await writeReport(folder, shown(1));
    expect(readdirSync(folder).sort()).toEqual(
      [
        '.kith-export',
        'distances.svg',
        'pair-01.png',
        'pair-09.png',
        'report.json',
        'report.md',
        'roc.svg',
      ].sort(),
    );
    expect(readFileSync(join(folder, 'pair-09.png'), 'utf8')).toBe('mine');
  });

  it('is never written among files of somebody else', async () => {
    writeFileSync(join(folder, 'roc.svg'), 'mine');
    await expect(writeReport(folder, shown(1))).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(readdirSync(folder)).toEqual(['roc.svg']);
  });

  it('shows each hard pair in a row of its table, and names that Markdown would read as they are', () => {
    const page = reportPage(shown(2), {
      roc: 'roc.svg',
      distances: 'distances_2.svg',
      hardest: ['a.png', 'b.png'],
    });
    expect(page).toContain('my \\*list\\*.txt');
    expect(page).toContain('![Pair 2](b.png)');
    expect(page).toContain('Bob\\|\\_0001.jpg');
    expect(page.match(/^\| \d+ \|/gm)).toHaveLength(2);
  });
});
