import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import { random } from '../fixtures/random.ts';
import { contents } from '../service/support/record.ts';
import { NO_PERL } from './perl.ts';
import { drawn, FACES, MetadataPlace, pixelsOf, seen } from './place.ts';

// A writing that is killed at any moment leaves whole files, goes on, and goes back.

/** How often a writing is killed, into files and into sidecars each. */
const KILLS = Number(process.env.KITH_KILLS ?? 2);
const SEED = Number(process.env.KITH_SEED ?? 1);

/** Photos of a writing. */
const PHOTOS = 12;

const place = new MetadataPlace();
const before: { files: Record<string, string>; pixels: Map<string, string> } = {
  files: {},
  pixels: new Map(),
};
let tool: ExifTool;

beforeAll(async () => {
  if (NO_PERL !== null) return;
  tool = startExifTool();
  const names = Array.from(
    { length: PHOTOS },
    (_, at) => `${at}.${(['jpg', 'png', 'tif'] as const)[at % 3]}`,
  );
  for (const [at, name] of names.entries()) {
    const faces = FACES.map((face) => ({ ...face, left: face.left + at }));
    writeFileSync(
      place.path(name),
      await drawn((['jpg', 'png', 'tif'] as const)[at % 3]!, 1 + (at % 8), faces),
    );
    before.pixels.set(name, await pixelsOf(place.path(name)));
  }
  await place.record(
    await Promise.all(
      names.map(async (name) => ({
        name,
        people: [{ name: 'Anna', box: await seen(place.path(name), 255, true) }],
      })),
    ),
  );
  before.files = contents(place.folder);
});
afterAll(async () => {
  await tool?.end();
  place.remove();
});

/** Starts a writing, or an undo, and kills it. @param after milliseconds after it began; null: it ends by itself */
async function run(name: 'write' | 'undo', into: 'file' | 'sidecar', after: number | null): Promise<number> {
  const child = fork(new URL('write-child.ts', import.meta.url), [place.file, place.folder, name, into]);
  const closed = once(child, 'close');
  await once(child, 'message');
  const began = performance.now();
  if (after !== null) {
    await Promise.race([wait(after), closed]);
    child.kill('SIGKILL');
  }
  await closed;
  return performance.now() - began;
}

/** Whatever a kill may leave: every photo opens and shows what it showed, and every sidecar is read. */
async function requireWhole(): Promise<void> {
  for (const [name, pixels] of before.pixels) expect(await pixelsOf(place.path(name)), name).toBe(pixels);
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('.') || !name.endsWith('.xmp')) continue;
    const { 'XMP-mwg-rs:RegionInfo': regions } = await tool.read(place.path(name), ['XMP-mwg-rs:RegionInfo']);
    expect(regions, name).toMatchObject({ RegionList: [{ Name: 'Anna' }] });
  }
}

describe.skipIf(NO_PERL !== null)(`a writing that is killed ${NO_PERL ?? ''}`, () => {
  for (const into of ['file', 'sidecar'] as const)
    test(`at ${KILLS} moments, into the ${into}: every photo is whole, it goes on, and it goes back`, {
      timeout: 60_000 + KILLS * 30_000,
    }, async () => {
      const whole = await run('write', into, null);
      const written = contents(place.folder);
      expect(Object.keys(written)).toHaveLength(2 * PHOTOS);
      const back = await run('undo', into, null);
      expect(contents(place.folder)).toEqual(before.files);
      const chance = random(SEED);
      for (let kill = 0; kill < KILLS; kill++) {
        await run('write', into, chance() * whole);
        await requireWhole();
        // Every other goes on, and is then killed on the way back too.
        if (kill % 2 === 0) {
          await run('write', into, null);
          expect(contents(place.folder), `kill ${kill} goes on`).toEqual(written);
          expect(place.unknown()).toEqual([]);
          await run('undo', into, chance() * back);
          await requireWhole();
        }
        await run('undo', into, null);
        expect(contents(place.folder), `kill ${kill} goes back`).toEqual(before.files);
        expect(place.unknown()).toEqual([]);
      }
    });
});
