import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadablePhoto } from '../../electron/contract/errors.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { decode, decodeRegion, hashFile, openPhoto } from '../../electron/vision/decode.ts';
import { wrapAsTiff } from '../../electron/vision/tiff.ts';
import { claiming, colourAt, corners, fourCorners, quartered } from '../fixtures/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-decode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: Uint8Array | Sharp): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content instanceof Uint8Array ? content : await content.toBuffer());
  return path;
}

async function decoded(path: string, maxSide = 1600) {
  return decode(await openPhoto(path), maxSide);
}

/** Red, green, blue and white corners, to within what lossy formats do to them. */
async function expectUpright(path: string, width = 400, height = 300) {
  const photo = await decoded(path);
  expect([photo.width, photo.height]).toEqual([width, height]);
  expect(photo.data).toHaveLength(width * height * 3);
  for (const [corner, expected] of fourCorners(width, height)) {
    const seen = colourAt(photo, corner);
    seen.forEach((value, channel) => {
      expect(Math.abs(value - expected[channel]!), `${corner} is ${seen}`).toBeLessThan(40);
    });
  }
}

function refused(work: Promise<unknown>): Promise<UnreadablePhoto> {
  return work.then(
    () => expect.fail('it was read'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(UnreadablePhoto);
      return error as UnreadablePhoto;
    },
  );
}

describe('formats', () => {
  const formats: [name: string, draw: (picture: Sharp) => Sharp][] = [
    ['JPEG', (picture) => picture.jpeg()],
    ['progressive JPEG', (picture) => picture.jpeg({ progressive: true })],
    ['CMYK JPEG', (picture) => picture.toColourspace('cmyk').jpeg()],
    ['PNG', (picture) => picture.png()],
    ['palette PNG', (picture) => picture.png({ palette: true })],
    ['16-bit PNG', (picture) => picture.toColourspace('rgb16').png()],
    ['WebP', (picture) => picture.webp()],
    ['TIFF', (picture) => picture.tiff()],
    ['CMYK TIFF', (picture) => picture.toColourspace('cmyk').tiff()],
    ['GIF', (picture) => picture.gif()],
    ['AVIF', (picture) => picture.avif()],
  ];
  it.each(formats)('decodes %s into upright RGB', async (name, draw) => {
    await expectUpright(await put(name, draw(quartered())));
  });

  it('goes by the first bytes, not by the name', async () => {
    await expectUpright(await put('a-jpeg.png', quartered().jpeg()));
  });

  it.each([
    ['grey', (picture: Sharp) => picture.toColourspace('b-w')],
    ['16-bit grey', (picture: Sharp) => picture.toColourspace('grey16')],
  ])('gives three channels for a %s picture', async (name, toGrey) => {
    const photo = await decoded(await put(`${name}.png`, toGrey(quartered()).png()));
    expect(photo.data).toHaveLength(400 * 300 * 3);
    const [red, green, blue] = colourAt(photo, [10, 10]);
    expect(red).toBe(green);
    expect(green).toBe(blue);
    expect(red).toBeGreaterThan(70);
    expect(red).toBeLessThan(130);
  });

  it('lays transparent parts on white', async () => {
    const clear = sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } });
    const photo = await decoded(await put('clear.png', clear.png()));
    expect(new Set(photo.data)).toEqual(new Set([255]));
  });

  it('converts an embedded colour profile to sRGB', async () => {
    const colour = { r: 200, g: 80, b: 40 };
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: colour } });
    const photo = await decoded(await put('p3.png', picture.withIccProfile('p3').png()));
    [200, 80, 40].forEach((value, channel) => {
      expect(Math.abs(photo.data[channel]! - value)).toBeLessThanOrEqual(2);
    });
  });

  it('takes the first picture of an animation', async () => {
    const pages = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 20, height: 20, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const photo = await decoded(await put('film.gif', sharp(pages, { join: { animated: true } }).gif()));
    expect([photo.width, photo.height]).toEqual([20, 20]);
    expect([...photo.data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });
});

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('sets EXIF orientation %i upright', async (orientation) => {
    await expectUpright(await put(`${orientation}.jpg`, await corners(orientation)));
  });

  it('decodes a region of a turned photo in upright coordinates', async () => {
    const file = await openPhoto(await put('turned.jpg', await corners(6)));
    const bottomLeft = { x: 0, y: 0.5, width: 0.5, height: 0.5 } as UnitBox;
    const region = await decodeRegion(file, bottomLeft, 1600);
    expect([region.width, region.height, region.fullWidth, region.fullHeight]).toEqual([200, 150, 200, 150]);
    expect(region.box).toEqual(bottomLeft);
    const [red, , blue] = colourAt(region, [100, 75]);
    expect(blue).toBeGreaterThan(140);
    expect(red).toBeLessThan(70);
  });

  it('keeps a region inside the photo, and at least a pixel', async () => {
    const file = await openPhoto(await put('plain.jpg', quartered().jpeg()));
    const over = await decodeRegion(file, { x: 0.75, y: -1, width: 2, height: 1.5 } as UnitBox, 50);
    expect(over.box).toEqual({ x: 0.75, y: 0, width: 0.25, height: 0.5 });
    expect(Math.max(over.width, over.height)).toBe(50);
    const outside = await decodeRegion(file, { x: 3, y: 3, width: 0.1, height: 0.1 } as UnitBox, 50);
    expect([outside.width, outside.height]).toEqual([1, 1]);
  });

  it('wraps pixels as a TIFF that turns itself upright', async () => {
    const rgba = new Uint8Array([255, 0, 0, 255, 0, 0, 255, 255]);
    const tiff = wrapAsTiff(rgba, { width: 2, height: 1, orientation: 6, icc: null });
    const photo = await decoded(await put('wrapped.tif', tiff));
    expect([photo.width, photo.height]).toEqual([1, 2]);
    expect([...photo.data]).toEqual([255, 0, 0, 0, 0, 255]);
  });
});

describe('sizes', () => {
  it('reduces to the longest side and remembers the full size', async () => {
    const photo = await decoded(await put('large.jpg', quartered(3000, 2000).jpeg()), 1000);
    expect(photo).toMatchObject({ width: 1000, height: 667, fullWidth: 3000, fullHeight: 2000 });
  });

  it('decodes a picture of one pixel', async () => {
    const photo = await decoded(await put('one.png', quartered(1, 1).png()));
    expect(photo).toMatchObject({ width: 1, height: 1, fullWidth: 1, fullHeight: 1 });
  });

  it('decodes a panorama of 12,000 pixels', async () => {
    const photo = await decoded(await put('panorama.jpg', quartered(12_000, 900).jpeg()));
    expect(photo).toMatchObject({ width: 1600, height: 120, fullWidth: 12_000, fullHeight: 900 });
  });

  it('refuses a picture of 400 megapixels', async () => {
    const path = await put('bomb.png', await claiming(20_000, 20_000));
    expect(await refused(decoded(path))).toMatchObject({ code: 'too-large' });
  });
});

describe('files that are no photos', () => {
  const noise = () =>
    sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', sigma: 60 },
      },
    });

  it.each([
    ['empty-file', 'empty.jpg', new Uint8Array()],
    ['not-an-image', 'text.jpg', Buffer.from('Dear diary, today I took no photo.')],
    ['not-an-image', 'archive.jpg', Buffer.from('504b0304140000000000', 'hex')],
    ['unsupported-format', 'bitmap.jpg', Buffer.from(`BM${'\0'.repeat(60)}`, 'latin1')],
  ] as const)('says %s of %s, and names it', async (code, name, content) => {
    const error = await refused(openPhoto(await put(name, content)));
    expect(error.code).toBe(code);
    expect(error.detail).toContain(name);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)(
    'says that a %s cut short is truncated, also near its end',
    async (format) => {
      const whole = await noise().toFormat(format).toBuffer();
      for (const part of [0.5, 0.98]) {
        const path = await put(`cut.${format}`, whole.subarray(0, whole.length * part));
        expect(await refused(decoded(path)), `${part}`).toMatchObject({ code: 'truncated' });
      }
    },
  );

  it('reads over bytes after the end', async () => {
    const jpeg = await quartered().jpeg().toBuffer();
    await expectUpright(await put('longer.jpg', Buffer.concat([jpeg, Buffer.alloc(5000, 7)])));
  });

  it('says vanished, not-an-image or no-permission of what is no readable file', async () => {
    expect(await refused(openPhoto(join(folder, 'never.jpg')))).toMatchObject({ code: 'vanished' });
    await mkdir(join(folder, 'folder.jpg'));
    expect(await refused(openPhoto(join(folder, 'folder.jpg')))).toMatchObject({ code: 'not-an-image' });
    await symlink('loop.jpg', join(folder, 'loop.jpg'));
    expect(await refused(openPhoto(join(folder, 'loop.jpg')))).toMatchObject({ code: 'vanished' });
    expect(await refused(hashFile(join(folder, 'never.jpg')))).toMatchObject({ code: 'vanished' });
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('says no-permission', async () => {
    const path = await put('secret.jpg', await quartered().jpeg().toBuffer());
    await chmod(path, 0);
    expect(await refused(openPhoto(path))).toMatchObject({ code: 'no-permission' });
  });
});

describe('files', () => {
  it.each(['🎂 Geburtstag.jpg', `it's "quoted".jpg`, 'two\nlines.jpg'])('opens %j', async (name) => {
    await expectUpright(await put(name, quartered().jpeg()));
  });

  it('is identified by SHA-256, whichever way it is read', async () => {
    const path = await put('same.png', quartered().png());
    const file = await openPhoto(path);
    expect(file.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashFile(path)).toEqual({ hash: file.hash, bytes: file.bytes.length });
  });
});

describe.skipIf(!process.env.KITH_SHARED)('photos of real cameras (needs KITH_SHARED)', () => {
  const photos = join(process.env.KITH_SHARED ?? '', 'photos');

  it.each(['Landscape', 'Portrait'])('sees one picture in all nine orientations of %s', async (kind) => {
    const first = await decoded(join(photos, 'orientation', `${kind}_0.jpg`), 60);
    for (let orientation = 1; orientation <= 8; orientation++) {
      const photo = await decoded(join(photos, 'orientation', `${kind}_${orientation}.jpg`), 60);
      expect([photo.width, photo.height]).toEqual([first.width, first.height]);
      const difference = photo.data.reduce((sum, value, at) => sum + Math.abs(value - first.data[at]!), 0);
      expect(difference / first.data.length, `${orientation}`).toBeLessThan(4);
    }
  });

  it('decodes HEIC upright, in sRGB, with the camera time', async () => {
    const file = await openPhoto(join(photos, 'formats', 'iphone_15_pro.heic'));
    expect(file).toMatchObject({ format: 'heic', takenAt: '2023-10-31T11:44:43' });
    const photo = await decode(file, 800);
    expect(photo).toMatchObject({ width: 600, height: 800, fullWidth: 3024, fullHeight: 4032 });
    const region = await decodeRegion(file, { x: 0.5, y: 0.5, width: 0.5, height: 0.5 } as UnitBox, 400);
    expect([region.width, region.height]).toEqual([300, 400]);
  }, 20_000);

  it('turns a HEIC whose app wrote only EXIF orientation', async () => {
    const photo = await decoded(join(photos, 'formats', 'iphone_7.heic'), 800);
    expect([photo.width, photo.height]).toEqual([600, 800]);
    // Sky above, water and stone below.
    const [, , above] = colourAt(photo, [300, 40]);
    const [, , below] = colourAt(photo, [300, 780]);
    expect(above! - below!).toBeGreaterThan(60);
  }, 20_000);

  it('says that a HEIC cut short is truncated', async () => {
    const whole = await readFile(join(photos, 'formats', 'iphone_7.heic'));
    for (const part of [0.001, 0.5, 0.9999]) {
      const path = await put('cut.heic', whole.subarray(0, whole.length * part));
      expect(await refused(decoded(path)), `${part}`).toMatchObject({ code: 'truncated' });
    }
  });

  it.each([
    ['fox.profile0.8bpc.yuv420.avif', 1204, 800],
    ['pythagoras.gif', 591, 639],
    ['this-is-a-jpeg.png', 240, 180],
  ])('decodes %s', async (name, fullWidth, fullHeight) => {
    expect(await decoded(join(photos, 'formats', name))).toMatchObject({ fullWidth, fullHeight });
  });

  it('says that it does not read raw files', async () => {
    const error = await refused(openPhoto(join(photos, 'formats', 'canon_eos_6d.dng')));
    expect(error.code).toBe('unsupported-format');
  });
});
