import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Comparison } from '../../electron/contract/results.ts';
import { samples } from '../golden/models-reference.ts';
import { kith, scratch } from './cli.ts';

const [one, two] = samples;

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.remove());

describe('kith compare, in words', () => {
  it('says distance, threshold, probability, verdict, encoder and detector', async () => {
    const { status, stdout } = await kith(['compare', one!.path, two!.path]);
    expect(status).toBe(0);
    for (const line of [
      /^Two people$/m,
      /^ {2}distance +0\.\d{3}$/m,
      /^ {2}threshold τ +0\.\d{3}$/m,
      /^ {2}probability +.*\d %/m,
      /^ {2}encoder +\S+$/m,
      /^ {2}detector +\S+$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });
});

describe('kith compare --explain', () => {
  it('draws both faces and the scale as a PNG, and may replace it', async () => {
    for (const round of ['drawn', 'drawn again']) {
      const { status, stdout } = await kith(['compare', one!.path, two!.path, '--explain', '--json'], {
        cwd: place.folder,
      });
      expect(status, round).toBe(0);
      // The chips are in the picture, not in the answer.
      expect(Object.keys(JSON.parse(stdout))).toEqual(Object.keys(Comparison.parse(JSON.parse(stdout))));
      const picture = sharp(join(place.folder, 'kith-compare.png'));
      expect(await picture.metadata()).toMatchObject({ format: 'png', width: 1440, height: 1500 });
      // Faces have many shades; an empty drawing has few.
      expect((await picture.stats()).entropy).toBeGreaterThan(3);
    }
  });

  it('leaves a picture alone that it did not draw', async () => {
    const mine = join(place.folder, 'mine.png');
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#a87' } })
      .png()
      .toBuffer();
    await writeFile(mine, bytes);
    const { status, stderr } = await kith(['compare', one!.path, two!.path, '--explain', mine]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${mine} (it exists, and Kith did not draw it)`);
    expect(await sharp(mine).metadata()).toMatchObject({ width: 9 });
  });

  it('asks for a name that ends in .png', async () => {
    const { status, stderr } = await kith(['compare', one!.path, two!.path, '--explain', 'faces.jpg']);
    expect(status).toBe(2);
    expect(stderr).toContain('Expected a name ending in .png');
  });
});
