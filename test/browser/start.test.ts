import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';

// How the page begins. What it takes is measured by `npm run bench -- page`.

const ASSETS = resolve(import.meta.dirname, '../../dist/page/assets');

test('The page comes without the library that checks requests: see contract/figures.ts', async () => {
  const programs = (await readdir(ASSETS)).filter((name) => name.endsWith('.js'));
  expect(programs.length).toBeGreaterThan(10);
  const withZod = [];
  for (const name of programs) {
    if ((await readFile(join(ASSETS, name), 'utf8')).includes('_zod')) withZod.push(name);
  }
  expect(withZod).toEqual([]);
});
