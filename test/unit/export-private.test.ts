import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePrivate } from '../../electron/export/private.ts';
import { filesOf, listedIn } from '../fixtures/exports.ts';

let home: string;
let folder: string;
let photos: { files: string[]; hash: string }[];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-private-')));
  folder = join(home, 'private');
  photos = ['a', 'b', 'c', 'd'].map((name) => ({ files: [join(home, `${name}.png`)], hash: name }));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Copies on which one person stays recognisable. */
const keeping = (person: string) => async () => ({ jpeg: Buffer.from(`${person} can be seen`), hidden: 1 });
const shown = () => filesOf(folder).map((file) => readFileSync(join(folder, file), 'utf8'));

describe('Copies with hidden faces', () => {
  it('of an earlier export, which show other people, are gone even where the next one is cancelled', async () => {
    await writePrivate(folder, photos, keeping('Anna'));
    expect(filesOf(folder)).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    const stop = new AbortController();
    const cancelled = await writePrivate(folder, photos, keeping('Ben'), {
      signal: stop.signal,
      onWritten: () => stop.abort(),
    });
    expect(cancelled).toMatchObject({ files: 1, cancelled: true });
    expect(shown()).toEqual(['Ben can be seen']);
    expect(listedIn(folder, 'photos')).toEqual(['a.jpg']);
  });

  it('of an earlier export are gone where the next one fails, and the manifest names what is there', async () => {
    await writePrivate(folder, photos, keeping('Anna'));
    const failing = writePrivate(folder, photos, async ({ hash }) => {
      if (hash === 'c') throw new Error('broken');
      return keeping('Ben')();
    });
    await expect(failing).rejects.toThrow('broken');
    expect(shown()).toEqual(['Ben can be seen', 'Ben can be seen']);
    expect(listedIn(folder, 'photos')).toEqual(['a.jpg', 'b.jpg']);
  });

  it('stay where the user changed them, and photos that cannot be had are told', async () => {
    await writePrivate(folder, photos, keeping('Anna'));
    writeFileSync(join(folder, 'a.jpg'), 'edited by hand');
    const { files, failed } = await writePrivate(folder, photos, async ({ hash }) =>
      hash === 'b' ? null : keeping('Ben')(),
    );
    expect({ files, failed }).toEqual({ files: 3, failed: [join(home, 'b.png')] });
    expect(filesOf(folder)).toEqual(['a.jpg', 'a_2.jpg', 'c.jpg', 'd.jpg']);
    expect(readFileSync(join(folder, 'a.jpg'), 'utf8')).toBe('edited by hand');
  });
});
