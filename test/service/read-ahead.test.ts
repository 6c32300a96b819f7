import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLibrary } from '../../electron/library/open.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { Naming } from '../../electron/service/naming.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { makePlace } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** A library that is read in a thread, since it has more faces than are read at once. */
async function naming() {
  const file = join(place.folder, 'made.kith');
  await makeLibrary(file, { faces: 2000, encoder: 'dlib' });
  const library = openLibrary(file);
  const calibration = calibrationOf('dlib');
  await groupLibrary({ library, encoder: 'dlib', calibration });
  return { library, naming: new Naming(library, 'dlib', calibration) };
}

describe('faces that are being loaded', () => {
  it('ahead of need are given up, and loaded once somebody needs them, even where that is at once', async () => {
    const { library, naming: ahead } = await naming();
    await ahead.faces.prepareAhead();
    expect(ahead.faces.isReady).toBe(false);
    ahead.faces.leaveAhead();
    await vi.waitFor(() => expect(ahead.faces.reading).toBe(0), { timeout: 30_000 });
    expect(ahead.faces.isReady).toBe(false);
    await ahead.faces.prepareAhead();
    ahead.faces.leaveAhead();
    await ahead.faces.prepare();
    expect(ahead.faces.isReady).toBe(true);
    await ahead.faces.stop();
    library.close();
  });

  it('are not given up where somebody has come to need them', async () => {
    const { library, naming: needed } = await naming();
    await needed.faces.prepareAhead();
    const prepared = needed.faces.prepare();
    needed.faces.leaveAhead();
    await prepared;
    expect(needed.faces.isReady).toBe(true);
    await needed.faces.stop();
    library.close();
  });
});
