import { createHash } from 'node:crypto';
import type * as files from 'node:fs/promises';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FoundPhotoFile, writePhotos } from '../../electron/export/photos.ts';

// Drives that fail can't be had here: the calls that read a source answer as such a drive does. All else is real.

/** What the system answers about a file of this name. */
const answers = vi.hoisted(
  () => ({ open: {}, copyFile: {} }) as Record<'open' | 'copyFile', Record<string, string>>,
);

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof files>();
  const failing = (call: 'open' | 'copyFile') =>
    (async (path: string, ...rest: [never]) => {
      const code = answers[call][basename(path)];
      if (code) throw Object.assign(new Error(code), { code });
      return (real[call] as (...values: unknown[]) => unknown)(path, ...rest);
    }) as never;
  return { ...real, open: failing('open'), copyFile: failing('copyFile') };
});

let home: string;
let photos: FoundPhotoFile[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-unreadable-'));
  photos = await Promise.all(
    ['a.jpg', 'b.jpg', 'c.jpg'].map(async (name) => {
      await writeFile(join(home, name), name);
      const hash = createHash('sha256').update(name).digest('hex');
      return { files: [join(home, name)], hash, takenAt: null, people: [] };
    }),
  );
});
afterEach(async () => {
  Object.assign(answers, { open: {}, copyFile: {} });
  await rm(home, { recursive: true });
});

it.each([
  ['open', 'EPERM'],
  ['open', 'EBUSY'],
  ['copyFile', 'EIO'],
  ['copyFile', 'EBUSY'],
  ['copyFile', 'ENOENT'],
] as const)('one photo whose %s answers %s does not end the export', async (call, code) => {
  answers[call]['b.jpg'] = code;
  const folder = join(home, 'out');
  const written = await writePhotos(folder, photos, 'copy');
  expect(written).toMatchObject({ files: 2, failed: photos[1]!.files });
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['a.jpg', 'c.jpg']));
  expect(await readdir(folder)).not.toContain('b.jpg');
});

it('a full disk does', async () => {
  answers.copyFile['b.jpg'] = 'ENOSPC';
  await expect(writePhotos(join(home, 'out'), photos, 'copy')).rejects.toMatchObject({ code: 'disk-full' });
});
