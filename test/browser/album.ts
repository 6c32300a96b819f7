import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import type { Page as Wire } from '../e2e/page.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { samples } from '../golden/models-reference.ts';
import { type Kith, openKith, settle } from './host.ts';

/**
 * A second album of the people on the sample photos: each photo mirrored and darker, and once more small and soft, so
 * that everybody is on several. Some of these faces are so poor that Kith asks.
 *
 * @param rounds how many such albums there are in it, each a little darker
 */
export async function makeAlbum(folder: string, rounds = 1): Promise<string> {
  for (let round = 0; round < rounds; round++) await makeRound(folder, round);
  return folder;
}

async function makeRound(folder: string, round: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const dimmed = 1 - round / 20;
  const nameOf = (kind: string, at: number) =>
    join(folder, `${kind}${at + 1}${round === 0 ? '' : ` (${round})`}.jpg`);
  for (const [at, { path }] of samples.entries()) {
    const photo = () => sharp(path).flop();
    await photo()
      .modulate({ brightness: 0.8 * dimmed })
      .jpeg()
      .toFile(nameOf('evening', at));
    await photo()
      .resize(540)
      .blur(1)
      .jpeg({ quality: 50 - round })
      .toFile(nameOf('phone', at));
    await sharp(path)
      .modulate({ brightness: 0.7 * dimmed })
      .blur(2.5)
      .jpeg({ quality: 40 })
      .toFile(nameOf('party', at));
  }
}

/** Has a folder looked at. */
export async function scan(wire: Wire, path: string): Promise<void> {
  wire.events.length = 0;
  await wire.call('scan.start', { path });
  const { phase } = await wire.scanned();
  if (phase !== 'done') throw new Error(`Expected the scan to be done but it is ${phase}`);
}

/** Opens Kith on the album, whose largest group is called Anna. @param prefix of the folder that is made for it */
export async function openWithAnna(prefix: string): Promise<{ kith: Kith; photos: string }> {
  const kith = await openKith(await settle(await mkdtemp(join(tmpdir(), prefix))));
  const photos = await makeAlbum(join(kith.folder, 'photos'));
  const wire = await kith.wire();
  await scan(wire, photos);
  const { items } = await wire.call('groups.list', {});
  await wire.call('name', { groups: [items[0]!.id], name: 'Anna' });
  wire.socket.close();
  return { kith, photos };
}

/**
 * Opens Kith where nothing is known yet, and has the album looked at while the page shows the first screen.
 *
 * @param rounds as of {@link makeAlbum}
 */
export async function openOnScan(
  page: Page,
  folder: string,
  rounds = 1,
): Promise<{ kith: Kith; wire: Wire }> {
  const kith = await openKith(await settle(folder));
  const wire = await kith.wire();
  const album = await makeAlbum(join(folder, 'photos', 'Team days'), rounds);
  await page.goto(kith.address);
  await page.getByRole('heading', { name: 'Drop a folder of photos' }).waitFor();
  await wire.call('scan.start', { path: album });
  return { kith, wire };
}

/** Has the six sample photos looked at. */
export async function scanSamples(kith: Kith): Promise<void> {
  const wire = await kith.wire();
  await scan(wire, await sixPhotos(kith.folder));
  wire.socket.close();
}
