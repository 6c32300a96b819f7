/** What the app is started and packed with: the page in `dist/page`, the bundled models in `dist/models`. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { bundledIds } from '../models/catalog.ts';
import { ensureBundled } from '../models/make.ts';
import { openStore } from '../models/store.ts';
import { ensurePage } from './page.ts';

await ensurePage();
await ensureBundled();
const folder = resolve(import.meta.dirname, '../dist/models');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const store = openStore();
for (const id of bundledIds) {
  const path = await store.find(id);
  await copyFile(path, resolve(folder, basename(path)));
}
