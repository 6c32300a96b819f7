/**
 * `npm start [-- <folder>]`: opens the app, in Electron where its program is or can be fetched, else in the browser. Makes
 * the models and builds the page where they are not there yet.
 */
import { ensureModels } from '../electron/host/engine.ts';
import { Exit, endQuietlyWithReader, say } from '../electron/host/output.ts';
import { fromHere } from '../electron/host/paths.ts';
import { run } from '../electron/host/run.ts';
import { hasDesktop } from '../electron/host/web/desktop.ts';
import { electronProgram, runElectron } from './electron.ts';
import { fetchElectron } from './fetch-electron.ts';
import { FetchLine } from './fetch-line.ts';
import { ensurePage } from './page.ts';
import { ensureShell } from './shell.ts';

async function main([folder, ...more]: string[]): Promise<number> {
  if (more.length > 0 || folder?.startsWith('-')) {
    say('Expected at most one folder: npm start -- <folder>. For more, see: npm run -s kith -- --help');
    return Exit.refused;
  }
  const path = folder === undefined ? null : fromHere(folder);
  const isHere = electronProgram() !== null;
  // Beside the rest, so that a machine without internet waits for a connection no longer than it has to.
  const line = new FetchLine();
  const fetching = isHere || !hasDesktop() ? null : fetchElectron((now) => line.now(now));
  await ensureModels();
  await ensurePage(() => say('Building the page, once…'));
  line.show();
  const why = await fetching;
  line.end();
  const program = hasDesktop() ? electronProgram() : null;
  if (program !== null) {
    await ensureShell(() => say('Building what Electron runs, once…'));
    const { status, wasOpen } = await runElectron(program, path);
    if (wasOpen) return status;
    say(
      `Electron ended with ${status} before there was a window, so Kith opens in your browser: the same app.`,
    );
  } else if (why) {
    say(
      `Electron's program is not here (${why}), so Kith opens in your browser: the same app. "npx install-electron" tries again.`,
    );
  }
  return run(['open', ...(path === null ? [] : ['--', path])]);
}

endQuietlyWithReader();
process.exitCode = await main(process.argv.slice(2));
