import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { VisionSetup } from '../../electron/contract/vision.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { startPool } from '../../electron/vision/pool.ts';
import { chooseProvider } from '../../models/choice.ts';
import { openStore } from '../../models/store.ts';
import { SAMPLE_FACES } from '../fixtures/sample-faces.ts';

// A scan computes with what was chosen; where that is not there, the library is the processor's to the last bit.

let folder: string;
let models: readonly string[];
beforeEach(() => {
  models = openStore().folders;
  folder = mkdtempSync(join(tmpdir(), 'kith-provider-'));
  for (const name of ['XDG_DATA_HOME', 'LOCALAPPDATA', 'HOME']) vi.stubEnv(name, folder);
  mkdirSync(join(folder, 'photos'));
  const { path } = SAMPLE_FACES[0]!;
  copyFileSync(path, join(folder, 'photos', basename(path)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Scans the photo into a library of its own. @returns the vectors of its faces, and what the vision processes were told */
async function scanned(name: string) {
  const libraryFile = join(folder, name);
  const setups: VisionSetup[] = [];
  const app = await createApp({
    ...{ libraryFile, models, detector: 'ssd', encoder: 'dlib', poolSize: 1 },
    startPool: (setup, options) => {
      setups.push(setup);
      return startPool(setup, options);
    },
  });
  await app.call('folder.group', { path: join(folder, 'photos') });
  await app.close();
  const library = openLibrary(libraryFile);
  const { vectors } = library.embeddings.all('dlib');
  library.close();
  return { vectors: [...vectors], providers: setups.map(({ provider }) => provider) };
}

it('is what was chosen, and the processor where that is not there', async () => {
  const plain = await scanned('plain.kith');
  expect(plain.providers).toEqual(['cpu']);
  expect(plain.vectors.length).toBe(3 * 128);
  // No package has both: DirectML is Windows', Core ML is the Mac's.
  const absent = process.platform === 'win32' ? 'coreml' : 'dml';
  await chooseProvider(absent);
  const chosen = await scanned('chosen.kith');
  expect(chosen.providers).toEqual([absent]);
  expect(chosen.vectors).toEqual(plain.vectors);
});
