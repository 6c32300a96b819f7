/** What the app is started and packed with: `dist/page`, the bundled models in `dist/models`, `dist/icons`. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { bundledIds } from '../models/catalog.ts';
import { ensureBundled } from '../models/make.ts';
import { openStore } from '../models/store.ts';
import { drawIcons } from './icons.ts';
import { ensurePage } from './page.ts';

await ensurePage();
const dist = resolve(import.meta.dirname, '../dist');
await drawIcons(resolve(dist, 'icons'));

await ensureBundled();
const folder = resolve(dist, 'models');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const store = openStore();
for (const id of bundledIds) {
  const path = await store.find(id);
  await copyFile(path, resolve(folder, basename(path)));
}
