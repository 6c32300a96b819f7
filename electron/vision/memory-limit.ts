import { statSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../models/catalog.ts';
import { encoderOf, networksOf } from '../contract/ids.ts';
import type { VisionSetup } from '../contract/vision.ts';

/** What the libraries of a graphics card may hold besides, in MiB. Chosen by hand: no such card was at hand. */
const DRIVER = 2048;

/**
 * Enough for photos of 24 MP, in MiB, so that only a process that grows is replaced. ONNX Runtime holds about three
 * times the file of a network: measured after six photos, 408 with dlib (21 MiB) and 608 with FaceNet (90 MiB). With
 * less, FaceNet would be loaded again for every photo.
 */
export function usualLimit({ encoder, models, provider = 'cpu' }: VisionSetup): number {
  const sizes = networksOf(encoderOf(encoder).id).map((network) => {
    const { file, bytes } = catalog[network];
    // People's own weights are as large as they are.
    const held = models.map((folder) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0);
    return Math.max(bytes, ...held);
  });
  const driver = provider === 'cpu' ? 0 : DRIVER;
  return driver + Math.max(500, 400 + (3 * sizes.reduce((sum, size) => sum + size, 0)) / 1024 ** 2);
}
