import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';

const project = resolve(import.meta.dirname, '..');

/** The suite that needs Electron's program; `npm run test:electron` says where there is none. */
export default defineConfig({
  testDir: resolve(project, 'test/electron'),
  outputDir: resolve(project, 'out/electron'),
  // One Kith at a time is what some of it is about.
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  forbidOnly: process.env.CI !== undefined,
});
