import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserWindow, BrowserWindowConstructorOptions, Screen } from 'electron';
import { passedOver } from '../log/log.ts';
import { ORIGIN, PREFERENCES } from './security.ts';
import { placeOn, WindowPlace } from './window-place.ts';

/** The window's smallest size, in points: the page goes down to this. */
const SMALLEST = { minWidth: 360, minHeight: 480 };

export interface WindowOptions {
  /** Where the place of the window is kept. */
  file: string;
  screen: Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'>;
  create(options: BrowserWindowConstructorOptions): BrowserWindow;
  isPackaged: boolean;
  /** Whether the desktop is dark: the window has the page's ground before the page is there. */
  isDark: boolean;
}

/** Opens the window where it was when it was closed last, and shows it once there is something to see. */
export function openWindow({ file, screen, create, isPackaged, isDark }: WindowOptions): BrowserWindow {
  const was = readPlace(file);
  const window = create({
    ...placeOn(areasOf(screen), was?.bounds ?? null),
    ...SMALLEST,
    show: false,
    title: 'Kith',
    backgroundColor: isDark ? '#151412' : '#fbfaf8',
    webPreferences: {
      ...PREFERENCES,
      devTools: !isPackaged,
      preload: fileURLToPath(new URL('preload.cjs', import.meta.url)),
    },
  });
  if (was?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    // The bounds that it has when it is neither maximized nor minimized.
    writePlace(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  reviveAfterCrash(window);
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

/** A page whose process has ended is loaded again; not where it ended twice within this time, in milliseconds. */
const ONCE_IN = 60_000;

/** Electron leaves an empty window where the page's process ends. */
function reviveAfterCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now();
    if (reason === 'clean-exit' || now - last < ONCE_IN || window.isDestroyed()) return;
    last = now;
    window.webContents.reload();
  });
}

function areasOf(screen: WindowOptions['screen']) {
  const first = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== first.id);
  return [first, ...others].map(({ workArea }) => workArea);
}

function readPlace(file: string): WindowPlace | null {
  try {
    return WindowPlace.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Never closed before, or not ours to read: it opens where the system likes.
    return null;
  }
}

function writePlace(file: string, place: WindowPlace): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(place));
  } catch (error) {
    // A window that forgets its place is no reason to fail.
    passedOver('settings')(error);
  }
}
