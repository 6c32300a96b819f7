import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samples } from '../golden/models-reference.ts';
import { copySamples, type Ended, ended, essence, group, kith, scratch, start } from './cli.ts';

let place: Awaited<ReturnType<typeof scratch>>;
let photos: string;
let library: string;
let first: Awaited<ReturnType<typeof group>>;

beforeAll(async () => {
  place = await scratch();
  photos = join(place.folder, 'photos');
  library = join(place.folder, 'first.kith');
  await mkdir(photos);
  await copySamples(photos);
  first = await group(photos, library);
});
afterAll(() => place.remove());

const exported = (name: string) => join(place.folder, name);

describe('kith group on six group photos', () => {
  it('finds all 22 people and nobody else', () => {
    expect(first.status).toBe(0);
    expect(first.result.photos.map(({ path }) => path)).toEqual(samples.map(({ name }) => name));
    expect(first.result.photos.map(({ faces }) => faces.length)).toEqual(samples.map(({ people }) => people));
  });

  it('gives boxes in pixels of the photo, which lie on it', () => {
    for (const { width, height, faces } of first.result.photos) {
      for (const { box, score, quality } of faces) {
        const [x, y, w, h] = box;
        expect(x + w / 2).toBeGreaterThan(0);
        expect(x + w / 2).toBeLessThan(width!);
        expect(y + h / 2).toBeLessThan(height!);
        expect(w).toBeGreaterThan(100);
        expect(w).toBeLessThan(400);
        expect(score).toBeGreaterThan(0.5);
        expect(quality).toBeGreaterThanOrEqual(0);
        expect(quality).toBeLessThanOrEqual(1);
      }
    }
  });

  it('never puts two faces of one photo into one group', () => {
    for (const { faces } of first.result.photos) {
      const groups = faces.map(({ group: of }) => of).filter((of) => of !== null);
      expect(new Set(groups).size).toBe(groups.length);
    }
  });

  it('counts each group as its faces say', () => {
    const faces = first.result.photos.flatMap((photo) => photo.faces);
    for (const { id, size } of first.result.groups) {
      expect(faces.filter(({ group: of }) => of === id)).toHaveLength(size);
    }
  });

  it('says nothing on standard error in a pipe', () => {
    expect(first.stderr).toBe('');
  });

  it('gives the same ids and groups on a second run, which opens no photo', async () => {
    const second = await group(photos, library);
    expect(second.result.photos).toEqual(first.result.photos);
    expect(second.result.groups).toEqual(first.result.groups);
    expect(second.result.seconds).toBeLessThan(first.result.seconds);
  });

  it('knows a photo again that was moved', async () => {
    const moved = join(place.folder, 'moved');
    await mkdir(join(moved, 'deep'), { recursive: true });
    await copySamples(moved, [1, 2]);
    await group(moved, library);
    await rename(join(moved, 'sample1.jpg'), join(moved, 'deep', 'renamed.jpg'));
    const { result } = await group(moved, library);
    const renamed = result.photos.find(({ path }) => path === 'deep/renamed.jpg')!;
    expect(renamed.faces.map(({ id }) => id)).toEqual(first.result.photos[0]!.faces.map(({ id }) => id));
    expect(result.photos).toHaveLength(2);
  });

  it('writes a crop for each face, and a manifest that says whose', async () => {
    const { result, status } = await group(photos, library, '--crops', exported('crops'));
    expect(status).toBe(0);
    const manifest = JSON.parse(await readFile(join(exported('crops'), 'manifest.json'), 'utf8'));
    expect(manifest.faces).toHaveLength(22);
    const faces = result.photos.flatMap((photo) => photo.faces);
    for (const { file, face, photo, box } of manifest.faces) {
      const { width, height, format } = await sharp(join(exported('crops'), file)).metadata();
      expect(format).toBe('jpeg');
      expect(Math.min(width, height)).toBeGreaterThan(90);
      expect(faces.find(({ id }) => id === face)?.box).toEqual(box);
      expect(file).toMatch(/^(group-\d{3}|alone)\/sample\d-\d\.jpg$/);
      expect(photo).toMatch(/^sample\d\.jpg$/);
    }
  });

  it('writes copies of the photos with boxes drawn, of the size of the photos', async () => {
    await group(photos, library, '--annotate', exported('annotated'));
    expect((await readdir(exported('annotated'))).sort()).toEqual(samples.map(({ name }) => name));
    for (const { path, width, height } of first.result.photos) {
      expect(await sharp(join(exported('annotated'), path)).metadata()).toMatchObject({ width, height });
    }
  });

  it('refuses to write crops among the photos, before it looks at any', async () => {
    const end = await kith(['group', photos, '--library', library, '--crops', join(photos, 'crops')]);
    expect(end).toMatchObject({ status: 2, stdout: '' });
    expect(end.stderr).toContain(join(photos, 'crops'));
    expect(await readdir(photos)).not.toContain('crops');
  });

  it('says to a person what it found, in a few lines', async () => {
    const { status, stdout, stderr } = await kith(['group', photos, '--library', library]);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^6 photos, 22 faces, in \d+ s\.\n/);
  });

  it('leaves the photos as they are', async () => {
    for (const { name, path } of samples) {
      expect((await readFile(join(photos, name))).equals(await readFile(path))).toBe(true);
    }
  });
});

describe('kith group, stopped in the middle', () => {
  it('stops after the photos in hand on Ctrl-C, keeps them, and goes on from there', async () => {
    const child = start(['group', photos, '--library', exported('stopped.kith'), '--json']);
    const ending = ended(child);
    // The record is opened when the scan begins.
    await expect.poll(() => existsSync(exported('stopped.kith')), { timeout: 30_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGINT');
    const end: Ended = await ending;
    // On a fast machine it may have been done already.
    if (end.status !== 0) {
      expect(end).toMatchObject({ status: 130, stdout: '' });
      expect(end.stderr).toMatch(/kept/);
    }
    const { result } = await group(photos, exported('stopped.kith'));
    expect(essence(result)).toEqual(essence(first.result));
  });

  // Twenty moments take minutes: KITH_SLOW=1 asks for them.
  const moments = process.env.KITH_SLOW === '1' ? 20 : 5;

  it(`gives the same faces and groups after kill -9 at ${moments} random moments`, {
    timeout: 600_000,
  }, async () => {
    const began = performance.now();
    await group(photos, exported('measure.kith'));
    const whole = performance.now() - began;
    let killed = 0;
    for (let moment = 0; moment < moments; moment += 1) {
      const file = exported(`killed-${moment}.kith`);
      const after = Math.random() * whole;
      const child = start(['group', photos, '--library', file, '--json']);
      const ending = ended(child);
      await new Promise((resolve) => setTimeout(resolve, after));
      if (child.kill('SIGKILL')) killed += 1;
      await ending;
      const { result, status } = await group(photos, file);
      expect(status, `killed after ${Math.round(after)} ms`).toBe(0);
      expect(essence(result), `killed after ${Math.round(after)} ms`).toEqual(essence(first.result));
    }
    expect(killed).toBeGreaterThan(0);
  });
});
