import type { Command } from 'commander';
import { withApp } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import { type End, Exit, print, say } from '../output.ts';
import { fromHere } from '../paths.ts';
import { whole } from './values.ts';

interface OpenOptions {
  library?: string;
  port?: number;
  browser: boolean;
}

export function addOpen(program: Command, end: End): void {
  program
    .command('open')
    .argument('[folder]', 'folder with photos, looked into at once')
    .summary('open the app in the browser')
    .description(
      'Opens the app in your browser. It is served by this program, to this machine alone, until you press Ctrl-C.',
    )
    .option('--library <file>', 'where the record is kept (default: in your data folder)', fromHere)
    .option('--port <number>', 'port of 127.0.0.1 to serve it at (default: a free one)', whole(1, 65_535))
    .option('--no-browser', 'print the address only')
    .action(async (folder: string | undefined, options: OpenOptions) => {
      end(await openApp(folder === undefined ? null : fromHere(folder), options));
    });
}

/** Serves the app until the user ends it. */
async function openApp(folder: string | null, { library, port, browser }: OpenOptions): Promise<Exit> {
  // Loaded on use, so that help and wrong use are answered at once.
  const { watchService } = await import('../../log/process.ts');
  watchService('browser-host');
  const { realFolder } = await import('../../service/walk.ts');
  if (folder !== null) await realFolder(folder);
  return withApp({ library }, async (app) => {
    const { startWebHost } = await import('../web/host.ts');
    const host = await startWebHost(app, { port });
    try {
      if (folder !== null) await app.call('scan.start', { path: folder });
      await interruptible(
        async (signal) => {
          await invite(host, browser);
          await ended(signal);
        },
        () => say('Ending, once the photos in hand are done. Ctrl-C again quits at once.'),
      );
    } finally {
      await host.close();
    }
    return Exit.done;
  });
}

/** Always prints the address: the browser that opens may be the wrong one. */
async function invite(host: { address: string; ticket(): string }, browser: boolean): Promise<void> {
  const { openBrowser } = await import('../web/desktop.ts');
  const isOpen = browser && (await openBrowser(host.ticket()));
  await print(host.address);
  say(`${isOpen ? 'Kith opens in your browser' : 'Open this address in a browser'}; Ctrl-C ends it.`);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
