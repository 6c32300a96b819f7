/**
 * `npm start [-- <folder>]`: opens the app, in Electron where its program is, else in the browser. Makes the models
 * and builds the page where they are not there yet.
 */
import { ensureModels } from '../electron/host/engine.ts';
import { Exit, endQuietlyWithReader, say } from '../electron/host/output.ts';
import { fromHere } from '../electron/host/paths.ts';
import { run } from '../electron/host/run.ts';
import { hasDesktop } from '../electron/host/web/desktop.ts';
import { startElectron } from './electron.ts';
import { ensurePage } from './page.ts';

async function main([folder, ...more]: string[]): Promise<number | undefined> {
  if (more.length > 0 || folder?.startsWith('-')) {
    say('Expected at most one folder: npm start -- <folder>. For more, see: npm run -s kith -- --help');
    return Exit.refused;
  }
  const path = folder === undefined ? null : fromHere(folder);
  await ensureModels();
  await ensurePage(() => say('Building the page, once…'));
  if (hasDesktop()) {
    if (startElectron(path)) return undefined;
    say("Electron's program is not here, so Kith opens in your browser: the same app.");
  }
  return run(['open', ...(path === null ? [] : ['--', path])]);
}

endQuietlyWithReader();
process.exitCode = await main(process.argv.slice(2));
