import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { ensureChromium } from './browser.ts';

const project = resolve(import.meta.dirname, '..');

export default defineConfig({
  testDir: join(project, 'test/browser'),
  outputDir: join(project, 'out/browser'),
  globalSetup: join(project, 'test/browser/setup.ts'),
  snapshotPathTemplate: '{testDir}/layouts/{arg}{ext}',
  // The engine itself uses every core; more than one test at once would only wait.
  workers: 1,
  // A machine that does other things as well may miss a deadline once; `npm test` counts what needed its second try.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 20_000, toMatchAriaSnapshot: { children: 'deep-equal' } },
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: ensureChromium(),
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        // Letters are as wide on every machine, whatever it says of fonts.
        '--font-render-hinting=none',
        // Chromium's own sandbox refuses to start for root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
});
