import type { FaceId } from '../../electron/contract/ids.ts';
import type { Overview, ScanState, Settings } from '../../electron/contract/screens.ts';
import { ask, bridge } from '../bridge.ts';
import type { Connection } from '../bridge-types.ts';
import { useLanguage } from '../words/words.svelte.ts';
import { versionOf } from './changes.svelte.ts';

/** Faces that the scan screen shows as they are found. */
const SHOWN = 400;

/** What every screen knows: the library in numbers, the scan that runs, the settings, the connection. */
class Session {
  overview = $state.raw<Overview | null>(null);
  scan = $state.raw<ScanState | null>(null);
  settings = $state.raw<Settings | null>(null);
  connection = $state<Connection>('opening');
  /** Whether a scan ran since the page was opened. */
  hasScanned = $state(false);
  /** Faces found by the scan that runs, the newest first. */
  found = $state.raw<FaceId[]>([]);

  /** Keeps all of it true until stopped; to be called in an effect's place, once. */
  start(): void {
    bridge.onConnection((connection) => {
      this.connection = connection;
    });
    bridge.on((event) => {
      if (event.kind === 'scan') {
        if (event.state.phase === 'scanning' && event.state.progress.done === 0) this.found = [];
        this.scan = event.state;
        this.hasScanned = true;
      } else if (event.kind === 'found')
        this.found = [...event.faces.toReversed(), ...this.found].slice(0, SHOWN);
    });
    $effect(() => {
      versionOf('people', 'groups', 'photos', 'faces', 'models', 'folders');
      void this.scan?.phase;
      void ask('library.overview', {}).then(
        (overview) => {
          this.overview = overview;
        },
        () => {},
      );
    });
    $effect(() => {
      versionOf('settings');
      void ask('settings.get', {}).then(
        (settings) => {
          this.settings = settings;
          useLanguage(settings.language);
        },
        () => {},
      );
    });
    $effect(() => {
      if (this.connection !== 'open') return;
      void ask('scan.state', {}).then(
        (scan) => {
          this.scan = scan;
        },
        () => {},
      );
    });
    $effect(() => this.#showTheme());
  }

  /** A scan is at work, or waits to go on. */
  get scanning(): boolean {
    return this.scan !== null && !['done', 'cancelled', 'failed'].includes(this.scan.phase);
  }

  #showTheme(): () => void {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const theme = this.settings?.theme ?? 'system';
    const show = () => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    show();
    dark.addEventListener('change', show);
    return () => dark.removeEventListener('change', show);
  }
}

export const session = new Session();
