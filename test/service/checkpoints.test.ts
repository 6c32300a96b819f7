import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { fillLibrary } from './support/random-edits.ts';

it('A moment after a command the file alone holds it, without the write-ahead log.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kith-checkpoints-'));
  const libraryFile = join(folder, 'library.kith');
  const library = openLibrary(libraryFile);
  fillLibrary(library);
  library.close();
  const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  const namesInFile = () => {
    copyFileSync(libraryFile, join(folder, 'alone.kith'));
    const sqlite = new DatabaseSync(join(folder, 'alone.kith'));
    const names = sqlite.prepare('SELECT name FROM people').all();
    sqlite.close();
    return names.map(({ name }) => name);
  };
  await app.call('name', { faces: [1 as FaceId], name: 'Anna' });
  await vi.waitFor(() => expect(namesInFile()).toEqual(['Anna']), { timeout: 10_000, interval: 50 });
  await app.close();
  rmSync(folder, { recursive: true });
});
