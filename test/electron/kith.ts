import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { ShellBridge } from '../../electron/contract/shell.ts';

declare global {
  interface Window {
    kith?: ShellBridge;
  }
}

const project = resolve(import.meta.dirname, '../..');
const { resolve: find } = createRequire(import.meta.url);

/** The six group photos, on which SSD sees 22 people. */
export const samples = resolve(find('@vladmandic/face-api/package.json'), '../demo');

/** Where one Kith keeps everything, so that tests don't meet. */
export function place(): { words: string[]; env: Record<string, string> } {
  const home = mkdtempSync(join(tmpdir(), 'kith-electron-'));
  return {
    words: [`--user-data-dir=${join(home, 'user')}`],
    env: { ...(process.env as Record<string, string>), KITH_LIBRARY: join(home, 'library.kith') },
  };
}

/** Starts the built app, on a folder or none, and waits for its page. */
export async function open(
  { words, env }: ReturnType<typeof place>,
  folder?: string,
): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch({
    args: [...words, project, ...(folder === undefined ? [] : [folder])],
    cwd: project,
    env,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  return { app, page };
}

/** A request as the page makes it, which must not fail. */
export async function ask<T>(page: Page, name: string, params: unknown = {}): Promise<T> {
  const reply = await page.evaluate(([name, params]) => window.kith!.call(name, params), [
    name,
    params,
  ] as const);
  if (!reply.ok) throw new Error(`${reply.failure.code}: ${reply.failure.detail}`);
  return reply.result as T;
}

/** Waits until the scan that runs has come to its end. */
export async function scanned(page: Page): Promise<ScanState> {
  for (;;) {
    const state = await ask<ScanState | null>(page, 'scan.state');
    if (state && ['done', 'failed', 'cancelled'].includes(state.phase)) return state;
    await page.waitForTimeout(200);
  }
}
