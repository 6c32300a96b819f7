import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { joinApp } from '../../electron/owner/join.ts';
import { startOwner } from '../../electron/owner/start.ts';

// Two who share an owner, which is a process of its own.

const home = mkdtempSync(join(tmpdir(), 'kith-leave-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('Whoever leaves an owner need not wait for the others, whom it goes on answering', async () => {
  const libraryFile = join(home, 'library.kith');
  const first = await joinApp({ libraryFile }, startOwner);
  const second = await joinApp({ libraryFile }, startOwner);
  await second.close();
  expect(await first.call('library.overview', {})).toMatchObject({ photos: 0 });
  await first.close();
  expect(existsSync(`${libraryFile}-wal`)).toBe(false);
}, 10_000);
