import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron';
import { ensureBundled } from '../../models/make.ts';
import { KithError } from '../contract/errors.ts';
import { log } from '../log/log.ts';
import { watchService } from '../log/process.ts';
import { joinApp } from '../owner/join.ts';
import { openDoor } from '../service/app/shell-door.ts';
import { defaultLibraryFile } from '../service/library-file.ts';
import { COMMAND, EVENT } from './channels.ts';
import { desktop } from './desktop.ts';
import { listenToPage } from './door.ts';
import { drags } from './drag.ts';
import { menuOf } from './menu.ts';
import { folderAt, folderOf } from './opened.ts';
import { ownerProcesses } from './owner.ts';
import { SCHEME, serve } from './protocol.ts';
import { keepInPlace, lockSession } from './security.ts';
import { openWindow } from './window.ts';
import { failureIn, wordsIn } from './words.ts';

// The main process: puts Electron's objects together with the application, which runs in a process of its own. Nothing is
// decided here, and nothing is waited for that the window would have to wait for.

/** Three folders up from here, built or packed: what `dist/page` lies in. */
const PAGE = fileURLToPath(new URL('../../../../dist/page', import.meta.url));

watchService('desktop');
// Electron only warns of it, and goes on; so it does with this.
process.on('unhandledRejection', (error) => {
  log.failure('process.failed', error, { origin: 'rejection' });
  console.error(error);
});

// Before Electron is ready, or not at all.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([SCHEME]);
// By this name Windows knows whose notifications and recent folders they are; the installer uses the same. Elsewhere
// Electron's object has no such method (electron_api_app.cc).
if (process.platform === 'win32') app.setAppUserModelId('app.kith.desktop');

/** What to open; from the command line, and from what is dropped on the icon while Kith starts. */
let asked = folderOf(process.argv, process.cwd(), app.isPackaged);
let open = (folder: string): void => {
  asked = folder;
};
app.on('open-file', (event, path) => {
  event.preventDefault();
  open(folderAt(path));
});

const systemLanguage = () => app.getPreferredSystemLanguages()[0] ?? 'en';

async function start(): Promise<void> {
  await ensureBundled();
  const owner = ownerProcesses({
    fork: utilityProcess.fork,
    Channel: MessageChannelMain,
    entries: {
      owner: new URL('owner-entry.js', import.meta.url),
      vision: new URL('vision-entry.js', import.meta.url),
    },
  });
  const kith = await joinApp({ libraryFile: defaultLibraryFile() }, owner.start);
  lockSession(session.defaultSession);
  protocol.handle('kith', serve({ folder: PAGE, picture: (...asked) => kith.picture(...asked) }));
  app.on('web-contents-created', (_event, contents) => {
    keepInPlace(contents, (address) => void shell.openExternal(address));
  });

  let words = wordsIn(systemLanguage());
  let contents: WebContents | null = null;
  const send = (channel: string, sent: unknown) => {
    if (contents && !contents.isDestroyed()) contents.send(channel, sent);
  };
  /** Theme and language of the desktop follow the page's. */
  const dress = async () => {
    const { theme, language } = await kith.call('settings.get', {});
    nativeTheme.themeSource = theme;
    words = wordsIn(language === 'system' ? systemLanguage() : language);
    const menu = menuOf({ words, platform: process.platform, send: (command) => send(COMMAND, command) });
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
  };
  await dress();
  const window = openWindow({
    file: join(app.getPath('userData'), 'window.json'),
    screen,
    create: (options) => new BrowserWindow(options),
    isPackaged: app.isPackaged,
    isDark: nativeTheme.shouldUseDarkColors,
  });
  contents = window.webContents;
  // `npm start` opens the browser where Electron ends before there was a window, as it does without a sandbox.
  const { KITH_SHOWN_NOTE: note } = process.env;
  if (note && !app.isPackaged) window.once('ready-to-show', () => writeFileSync(note, ''));
  const toFront = () => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const dragging = drags(kith, (jpeg) => nativeImage.createFromBuffer(jpeg));
  listenToPage({
    ipc: ipcMain,
    answer: openDoor(kith, {
      shell: 'electron',
      async showFolder(path) {
        const failure = await shell.openPath(path);
        if (failure) throw new KithError('bad-request', `${path}: ${failure}`);
      },
      async chooseFolder() {
        const { filePaths } = await dialog.showOpenDialog(window, {
          title: words.chooseFolder,
          buttonLabel: words.choose,
          properties: ['openDirectory', 'createDirectory'],
        });
        return filePaths[0] ?? null;
      },
    }),
    drag: dragging.start,
  });
  kith.on((event) => {
    send(EVENT, event);
    // What can't be asked now is asked again at the next change.
    if (event.kind === 'changed' && event.what.includes('settings')) dress().catch(() => {});
  });
  /** The last one, held: Electron lets go of those that nobody holds, and tells no click on them (electron#16922). */
  let shown: Notification | undefined;
  kith.on(
    desktop({
      app,
      window,
      words: () => words,
      notify(options) {
        shown = new Notification(options);
        shown.on('click', toFront);
        shown.show();
      },
    }),
  );

  open = (folder) => {
    kith
      .call('scan.start', { path: folder })
      .catch((error: unknown) => dialog.showErrorBox(words.notOpened, failureIn(words, error)));
    toFront();
  };
  if (asked !== null) open(asked);
  app.on('second-instance', (_event, _argv, _standing, its) => {
    const { folder } = its as { folder: string | null };
    if (folder === null) toFront();
    else open(folder);
  });

  app.on('window-all-closed', () => app.quit());
  app.once('will-quit', (event) => {
    // Photos in hand are finished and the record is closed before the process ends.
    event.preventDefault();
    dragging.close();
    void owner.quit(kith).finally(() => app.exit());
  });
}

// Whoever comes second tells the first what to open, and leaves.
if (app.requestSingleInstanceLock({ folder: asked })) {
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      const words = wordsIn(systemLanguage());
      dialog.showErrorBox(words.notStarted, failureIn(words, error));
      app.exit(1);
    });
} else {
  app.quit();
}
