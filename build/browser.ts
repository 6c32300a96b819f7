/** The Chromium that the browser tests run on: found, or installed. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Chromium lies that can be started: `KITH_CHROMIUM`, the system's, Playwright's own; null for none. */
export function findChromium(): string | null {
  const named = process.env.KITH_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...places, chromium.executablePath()].find(isProgram) ?? null;
}

/**
 * Finds a Chromium, or installs one: Debian's where that is allowed, else Playwright's.
 *
 * @throws Error where there is none and none can be had
 */
export function ensureChromium(): string {
  const there = findChromium();
  if (there !== null) return there;
  console.log('\n— installing Chromium, once, for the browser tests');
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium']);
  }
  if (findChromium() === null) {
    const cli = resolve(import.meta.dirname, '../node_modules/@playwright/test/cli.js');
    run(process.execPath, [cli, 'install', 'chromium']);
  }
  const now = findChromium();
  if (now === null) {
    throw new Error(
      'The browser tests need Chromium, which is not here and could not be installed: install it, or let KITH_CHROMIUM name its program.',
    );
  }
  return now;
}

function run(command: string, words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, words, { stdio: ['ignore', 2, 2], env }).status === 0;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
