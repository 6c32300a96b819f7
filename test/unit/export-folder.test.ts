import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import { type CropFace, writeCrops } from '../../electron/export/crops.ts';
import { MARKER } from '../../electron/export/marker.ts';
import { answered } from '../../electron/export/place.ts';
import { checkReport } from '../../electron/export/report-folder.ts';
import { exportIn, filesOf, listedIn } from '../fixtures/exports.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-export-')));
  folder = join(home, 'faces');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, content = 'mine'): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

const face = (id: number, person = 'Anna', photo = `${id}.jpg`): CropFace => ({
  id: id as FaceId,
  photo: join(home, photo),
  box: [1, 2, 30, 40],
  score: null,
  quality: 0.8,
  group: 3 as GroupId,
  person: { id: 7 as PersonId, name: person },
  folder: person,
});

const jpegOf = (id: number) => Buffer.from(`crop of ${id}`);
const load = (faces: CropFace[]) => faces.map(({ id }) => ({ bytes: jpegOf(id!) }));

const refusal = (detail: string) => ({
  code: 'output-unwritable',
  detail: expect.stringContaining(detail),
});

describe('The manifest of an export', () => {
  it('names exactly the files that are there, with person, face, group and the path of the photo', async () => {
    const photo = join(home, '1.jpg');
    await writeCrops(folder, [face(1), face(2)], (faces) =>
      faces.map(({ id }) => ({ bytes: jpegOf(id!), photo: id === 1 ? photo : null })),
    );
    expect(listedIn(folder)).toEqual(filesOf(folder));
    const [first, second] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).faces;
    expect(first).toEqual({
      file: 'Anna/1-1.jpg',
      group: 3,
      person: { id: 7, name: 'Anna' },
      face: 1,
      photo,
      box: [1, 2, 30, 40],
      score: null,
      quality: 0.8,
    });
    expect(second.photo).toBeNull();
  });

  it('does not name a face of which there is no picture, and no file is written for it', async () => {
    const written = await writeCrops(folder, [face(1), face(2), face(3)], () => [
      { bytes: jpegOf(1) },
      null,
      { bytes: new Uint8Array() },
    ]);
    expect(written.files).toBe(1);
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg']);
    expect(listedIn(folder)).toEqual(['Anna/1-1.jpg']);
  });

  it('is true after an export that fails or is cancelled, whatever an earlier one left', async () => {
    await writeCrops(folder, [face(1), face(2), face(3, 'Ben')], load);
    const later = Array.from({ length: 200 }, (_, index) => face(2 + index));
    const failing = writeCrops(folder, later, (batch) => {
      if (batch[0]!.id === 66) throw new Error('broken');
      return load(batch);
    });
    await expect(failing).rejects.toThrow('broken');
    expect(filesOf(folder)).toHaveLength(64 + 2);
    expect(listedIn(folder)).toEqual(filesOf(folder));

    const stop = new AbortController();
    const cancelled = await writeCrops(
      folder,
      later,
      (batch) => {
        if (batch[0]!.id === 66) stop.abort();
        return load(batch);
      },
      { signal: stop.signal },
    );
    expect(cancelled).toEqual({ folder, files: 64, cancelled: true });
    expect(listedIn(folder)).toEqual(filesOf(folder));
    expect(filesOf(folder)).toContain('Ben/3-1.jpg');

    await writeCrops(folder, later, load);
    expect(filesOf(folder)).toHaveLength(200);
    expect(listedIn(folder)).toEqual(filesOf(folder));
  });

  it('is true where a later picture fails before the first is made', async () => {
    const failing = writeCrops(folder, [face(1), face(2)], () => [
      new Promise((resolve) => setTimeout(resolve, 50, { bytes: jpegOf(1) })),
      Promise.reject(new Error('broken')),
    ]);
    await expect(failing).rejects.toThrow('broken');
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg']);
    expect(listedIn(folder)).toEqual(filesOf(folder));
  });

  it('is taken over from an earlier version, whose files are replaced unless somebody changed them since', async () => {
    put('Anna/1-1.jpg', 'old');
    put('Anna/2-1.jpg', 'old');
    put('Ben/9-1.jpg', 'old');
    const files = ['Anna/1-1.jpg', 'Anna/2-1.jpg', 'Ben/9-1.jpg'].map((file) => ({ file }));
    put('manifest.json', JSON.stringify({ writtenBy: 'kith', version: 1, faces: files }, null, 2));
    utimesSync(join(folder, 'Anna/2-1.jpg'), new Date(), new Date(Date.now() + 60_000));
    await writeCrops(folder, [face(1), face(2)], load);
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg', 'Anna/2-1.jpg', 'Anna/2_2-1.jpg']);
    expect(readFileSync(join(folder, 'Anna/2-1.jpg'), 'utf8')).toBe('old');
    expect(listedIn(folder)).toEqual(['Anna/1-1.jpg', 'Anna/2_2-1.jpg']);
  });
});

it('A file that is the same as before is not written again, and what is said of it is new.', async () => {
  await writeCrops(folder, [face(1), face(2)], load);
  const before = statSync(join(folder, 'Anna/1-1.jpg'), { bigint: true });
  await writeCrops(folder, [{ ...face(1), quality: 0.1 }, face(2)], (faces) =>
    faces.map(({ id }) => ({ bytes: id === 1 ? jpegOf(1) : Buffer.from('another') })),
  );
  const { ino, mtimeNs } = statSync(join(folder, 'Anna/1-1.jpg'), { bigint: true });
  expect({ ino, mtimeNs }).toEqual({ ino: before.ino, mtimeNs: before.mtimeNs });
  expect(readFileSync(join(folder, 'Anna/2-1.jpg'), 'utf8')).toBe('another');
  const [first] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).faces;
  expect(first.quality).toBe(0.1);
});

describe("Somebody else's files in a folder of exports", () => {
  it('stay: also one that took the place of a crop, and one that was edited', async () => {
    await writeCrops(folder, [face(1), face(2)], load);
    put('Anna/1-1.jpg', 'edited by hand');
    await writeCrops(folder, [face(1)], load);
    expect(readFileSync(join(folder, 'Anna/1-1.jpg'), 'utf8')).toBe('edited by hand');
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg', 'Anna/1_2-1.jpg']);
    expect(listedIn(folder)).toEqual(['Anna/1_2-1.jpg']);
  });

  it('stay when they were changed while Kith was exporting', async () => {
    await writeCrops(folder, [face(1), face(2)], load);
    const again = writeCrops(folder, [face(1)], (faces) => {
      put('Anna/1-1.jpg', 'edited by hand');
      return load(faces);
    });
    await expect(again).rejects.toMatchObject(refusal('somebody else changed it'));
    expect(readFileSync(join(folder, 'Anna/1-1.jpg'), 'utf8')).toBe('edited by hand');
  });

  it('are not replaced by one that comes to have the same name meanwhile', async () => {
    const racing = writeCrops(folder, [face(1)], (faces) => {
      put('Anna/1-1.jpg');
      return load(faces);
    });
    await expect(racing).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(readFileSync(join(folder, 'Anna/1-1.jpg'), 'utf8')).toBe('mine');
  });

  it('are never behind a link that is followed: not when writing, not when taking away', async () => {
    const outside = join(home, 'outside');
    mkdirSync(outside);
    const theirs = join(outside, '1-1.jpg');
    await writeCrops(folder, [face(1), face(2, 'Ben')], load);
    // The very bytes that Kith wrote, so that it is the link alone that tells.
    writeFileSync(theirs, jpegOf(1));
    rmSync(join(folder, 'Anna'), { recursive: true });
    symlinkSync(outside, join(folder, 'Anna'));
    await expect(writeCrops(folder, [face(1), face(2, 'Ben')], load)).rejects.toMatchObject(refusal('link'));
    await writeCrops(folder, [face(2, 'Ben')], load);
    expect(readdirSync(outside)).toEqual(['1-1.jpg']);
    expect(existsSync(theirs)).toBe(true);
    expect(listedIn(folder)).toEqual(['Ben/2-1.jpg']);
  });

  it('are safe behind a link in the place of a crop, of the manifest, of the account and of a draft', async () => {
    const theirs = join(home, 'theirs.jpg');
    writeFileSync(theirs, jpegOf(1));
    await writeCrops(folder, [face(1), face(2)], load);
    for (const file of ['Anna/1-1.jpg', `.${'0'.repeat(12)}.kith-draft`]) {
      rmSync(join(folder, file), { force: true });
      symlinkSync(theirs, join(folder, file));
    }
    await writeCrops(folder, [face(1)], load);
    expect(listedIn(folder)).toEqual(['Anna/1_2-1.jpg']);
    for (const file of ['manifest.json', join(MARKER, 'files'), join(MARKER, 'lock')]) {
      rmSync(join(folder, file));
      symlinkSync(theirs, join(folder, file));
      await expect(writeCrops(folder, [face(1)], load)).rejects.toMatchObject(refusal(file));
      rmSync(join(folder, file));
    }
    rmSync(join(folder, MARKER), { recursive: true });
    symlinkSync(home, join(folder, MARKER));
    await expect(writeCrops(folder, [face(1)], load)).rejects.toMatchObject(refusal('link'));
    expect(readFileSync(theirs)).toEqual(jpegOf(1));
  });

  it('are not touched by an account or a manifest that names places outside', async () => {
    const outside = join(home, 'outside.jpg');
    writeFileSync(outside, jpegOf(1));
    await writeCrops(folder, [face(1)], load);
    const account = join(folder, MARKER, 'files');
    const [head, line] = readFileSync(account, 'utf8').split('\n');
    for (const file of ['../outside.jpg', outside, 'Anna/../../outside.jpg', '..\\outside.jpg']) {
      const row = JSON.stringify({ ...JSON.parse(line!), file });
      writeFileSync(account, `${head}\n${row}\n`);
      await writeCrops(folder, [], load);
      expect(readFileSync(outside)).toEqual(jpegOf(1));
    }
  });

  it('keep an export out of a folder that has nothing else, but not what a system leaves in any folder', async () => {
    put('.DS_Store');
    put('Thumbs.db');
    await writeCrops(folder, [face(1)], load);
    expect(existsSync(join(folder, '.DS_Store'))).toBe(true);
    const other = join(home, 'other');
    mkdirSync(join(other, 'sub'), { recursive: true });
    await expect(writeCrops(other, [face(1)], load)).rejects.toMatchObject(refusal(other));
    expect(readdirSync(other)).toEqual(['sub']);
  });

  it('are no longer those of a person whose name changed in case only', async () => {
    await writeCrops(folder, [face(1, 'anna')], load);
    await writeCrops(folder, [face(1, 'Anna')], load);
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg']);
  });
});

describe('What a killed export leaves', () => {
  it('is Kith’s own: drafts alone, an account without an end, and a file whose power was cut', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, '.0123456789ab.kith-draft'), 'half');
    await writeCrops(folder, [face(1), face(2)], load);
    writeFileSync(join(folder, MARKER, '.0123456789ab.kith-draft'), 'half');
    writeFileSync(join(folder, 'Anna', '.0123456789ab.kith-draft'), 'half');
    writeFileSync(join(folder, 'Anna', '1-1.jpg'), '');
    writeFileSync(join(folder, MARKER, 'files'), '{"file":"Anna/5', { flag: 'a' });
    rmSync(join(folder, 'manifest.json'));
    await writeCrops(folder, [face(1)], load);
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg']);
    expect(readFileSync(join(folder, 'Anna/1-1.jpg'))).toEqual(jpegOf(1));
    expect(readdirSync(join(folder, MARKER)).sort()).toEqual(['files', 'lock']);
  });

  it('is no reason to refuse the folder, at its very first write', async () => {
    mkdirSync(join(folder, MARKER), { recursive: true });
    await writeCrops(folder, [face(1)], load);
    expect(listedIn(folder)).toEqual(['Anna/1-1.jpg']);
  });
});

describe('Two exports at once', () => {
  it('into one place do not mix: the second is refused, and may come when the first is done', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = writeCrops(folder, [face(1)], async (faces) => {
      await held;
      return load(faces);
    });
    // Lets the first take the folder.
    while (!existsSync(join(folder, MARKER, 'files'))) await new Promise((resolve) => setTimeout(resolve, 5));
    const alias = join(home, 'alias');
    symlinkSync(folder, alias);
    for (const place of [folder, `${folder}/`, alias]) {
      await expect(writeCrops(place, [face(2)], load)).rejects.toMatchObject({ code: 'output-busy' });
    }
    await writeCrops(join(home, 'elsewhere'), [face(2)], load);
    release();
    await first;
    expect(listedIn(folder)).toEqual(['Anna/1-1.jpg']);
    await writeCrops(folder, [face(2)], load);
    expect(listedIn(folder)).toEqual(['Anna/2-1.jpg']);
  });

  it('from two processes do not mix either, and the lock ends with its process', async () => {
    const child = exportIn(folder, { faces: 2000 });
    await once(child, 'message');
    await expect(writeCrops(folder, [face(1)], load)).rejects.toMatchObject({ code: 'output-busy' });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await writeCrops(folder, [face(1)], load);
    expect(filesOf(folder)).toEqual(['Anna/1-1.jpg']);
    expect(listedIn(folder)).toEqual(['Anna/1-1.jpg']);
  });

  it('of two kinds keep out of each other’s folder', async () => {
    await writeCrops(folder, [face(1)], load);
    await expect(checkReport(folder)).rejects.toMatchObject(refusal('another kind'));
  });
});

describe('A place', () => {
  it('that is no absolute path is refused', async () => {
    for (const place of ['', '.', 'faces', './faces', '../faces', 'file:///tmp/faces', '/tmp/a\0b']) {
      await expect(writeCrops(place, [face(1)], load)).rejects.toMatchObject({ code: 'bad-request' });
    }
  });

  it.skipIf(process.platform === 'win32')('that the system makes up is refused at once', async () => {
    symlinkSync('/proc/self', join(home, 'self'));
    for (const place of [
      '/proc',
      '/proc/self/task',
      '/proc/none',
      '/sys',
      '/dev/faces',
      '/dev',
      join(home, 'self', 'x'),
    ]) {
      const begin = performance.now();
      await expect(writeCrops(place, [face(1)], load)).rejects.toMatchObject(refusal('makes'));
      expect(performance.now() - begin).toBeLessThan(2000);
    }
  });

  it('that never answers is waited for within a bound', async () => {
    const never = new Promise<never>(() => {});
    await expect(answered('/net/gone', never, 20)).rejects.toMatchObject(refusal('did not answer'));
    expect(await answered('/net/there', Promise.resolve(1), 20)).toBe(1);
  });

  it.skipIf(process.platform === 'win32')('where pipes stand for files is not waited for', async () => {
    const { execFileSync } = await import('node:child_process');
    mkdirSync(join(folder, MARKER), { recursive: true });
    for (const pipe of [join(MARKER, 'files'), 'manifest.json']) {
      execFileSync('/usr/bin/mkfifo', [join(folder, pipe)]);
      await expect(writeCrops(folder, [face(1)], load)).rejects.toMatchObject({ code: 'output-unwritable' });
      rmSync(join(folder, pipe));
    }
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that may not be written is refused in a sentence',
    async () => {
      mkdirSync(folder);
      chmodSync(folder, 0o500);
      await expect(writeCrops(folder, [face(1)], load)).rejects.toMatchObject(refusal('no permission'));
      chmodSync(folder, 0o700);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'gets files with the usual permissions: they are the user’s to share',
    async () => {
      const before = process.umask(0o022);
      try {
        await writeCrops(folder, [face(1)], load);
      } finally {
        process.umask(before);
      }
      expect(statSync(join(folder, 'Anna/1-1.jpg')).mode & 0o777).toBe(0o644);
      expect(statSync(join(folder, 'Anna')).mode & 0o777).toBe(0o755);
      expect(statSync(join(folder, 'manifest.json')).mode & 0o777).toBe(0o644);
    },
  );
});
