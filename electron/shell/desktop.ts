import { basename } from 'node:path';
import type { BrowserWindow, App as ElectronApp, NotificationConstructorOptions } from 'electron';
import type { ServiceEvent } from '../contract/events.ts';
import type { ScanState } from '../contract/screens.ts';
import type { Words } from './words.ts';

/** A scan that took less than this, in milliseconds, is nothing to call anybody back for. */
const LONG = 20_000;

/** What the dock or the taskbar shows: beyond 1 is work of unknown length, below 0 none. */
const [UNKNOWN, NONE] = [2, -1];

export interface DesktopOptions {
  app: Pick<ElectronApp, 'addRecentDocument'>;
  window: Pick<BrowserWindow, 'setProgressBar' | 'isFocused' | 'isDestroyed'>;
  /** In the language of the moment. */
  words(): Words;
  /** Shows a notification; a click on it brings the window to the front. */
  notify(options: NotificationConstructorOptions): void;
  /** Milliseconds. */
  now?: () => number;
}

/** Tells the desktop how a scan gets on: the folder, the progress, and the end of a long one nobody watched. */
export function desktop({ app, window, words, notify, now = () => performance.now() }: DesktopOptions) {
  let scan: { path: string; start: number } | null = null;

  return (event: ServiceEvent): void => {
    if (event.kind !== 'scan' || window.isDestroyed()) return;
    const { state } = event;
    const hasEnded = isOver(state);
    if (!hasEnded && scan?.path !== state.path) {
      scan = { path: state.path, start: now() };
      app.addRecentDocument(state.path);
    }
    window.setProgressBar(...shownOf(state));
    if (!hasEnded) return;
    const took = scan ? now() - scan.start : 0;
    scan = null;
    if (took < LONG || window.isFocused() || state.phase === 'cancelled') return;
    notify({
      title: state.phase === 'done' ? words().scanned : words().scanFailed,
      body: words().scannedDetail(basename(state.path), state.progress.faces),
    });
  };
}

function isOver({ phase }: ScanState): boolean {
  return phase === 'done' || phase === 'cancelled' || phase === 'failed';
}

function shownOf(state: ScanState): [number, { mode: 'normal' | 'paused' | 'indeterminate' | 'none' }] {
  if (isOver(state)) return [NONE, { mode: 'none' }];
  const { done, total } = state.progress;
  const share = total > 0 ? done / total : 0;
  if (state.phase === 'paused') return [share, { mode: 'paused' }];
  if (state.phase === 'scanning' && total > 0) return [share, { mode: 'normal' }];
  return [UNKNOWN, { mode: 'indeterminate' }];
}
