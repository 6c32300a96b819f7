import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { openStore } from '../../models/store.ts';

const shared = process.env.KITH_SHARED;

/** Family photos with one face each. */
const PORTRAITS = ['Family1-Dad1.jpg', 'Family1-Daughter1.jpg', 'Family1-Mom1.jpg', 'Family3-Man1.jpg'];

// YuNet's weights are no part of Kith: without KITH_SHARED this is skipped.
describe.skipIf(!shared)('a face that fills the frame', () => {
  it('gets one box of its own size from YuNet, however large it is', async () => {
    const detector = await loadDetector(
      'yunet',
      openStore({ folders: [join(shared!, 'models'), ...openStore().folders] }),
    );
    for (const name of PORTRAITS) {
      const photo = await decode(await openPhoto(join(shared!, 'photos/family', name)), 1600);
      const [face, ...others] = await detector.detect(photo);
      expect(others, name).toEqual([]);
      const { box } = face!;
      for (const side of [300, 500, 800, 1500]) {
        const scale = side / Math.max(box.width, box.height);
        // In a photo that is enlarged so much, the background may look like a face: only boxes on the face count.
        const found = (await detector.detect(await enlarged(photo, scale))).filter((one) => {
          const across = ((one.box.x + one.box.width / 2) / scale - box.x) / box.width;
          const down = ((one.box.y + one.box.height / 2) / scale - box.y) / box.height;
          return Math.min(across, down) > 0 && Math.max(across, down) < 1;
        });
        const sizes = found.map((one) => Math.max(one.box.width, one.box.height) / side);
        expect(sizes, `${name} at ${side} pixels`).toHaveLength(1);
        expect(Math.abs(1 - sizes[0]!), `${name} at ${side} pixels`).toBeLessThan(0.1);
        expect(found[0]!.landmarks).toHaveLength(5);
      }
    }
    await detector.dispose();
  });
});

/** A photo with `scale` times as many pixels a side. */
async function enlarged(photo: DecodedPhoto, scale: number): Promise<DecodedPhoto> {
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const [width, height] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
  const { data, info } = await sharp(photo.data, { raw })
    .resize(width, height)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, fullWidth: info.width, fullHeight: info.height };
}
