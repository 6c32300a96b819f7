import type { MenuItemConstructorOptions } from 'electron';
import { type Destination, destinations, PLACES } from '../contract/places.ts';
import type { MenuCommand } from '../contract/shell.ts';
import type { Words } from './words.ts';

export interface MenuOptions {
  words: Words;
  platform: NodeJS.Platform;
  /** Tells the page. */
  send(command: MenuCommand): void;
}

/** The application's menu. The keys are the page's: what it does by itself on a key never reaches the menu. */
export function menuOf({ words, platform, send }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const command = (id: MenuCommand, label: string, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => send(id),
  });
  const go = (place: Destination, label = words.place(place)) =>
    command(`go.${place}`, label, acceleratorOf(PLACES[place]));
  const settings = go('settings', words.settings);

  const ofTheApp: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      line,
      settings,
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };
  const recent: MenuItemConstructorOptions = {
    role: 'recentDocuments',
    label: words.recent,
    submenu: [{ role: 'clearRecentDocuments', label: words.clearRecent }],
  };
  const file: MenuItemConstructorOptions = {
    label: words.file,
    submenu: [
      go('welcome', words.addPhotos),
      ...(mac ? [recent] : []),
      line,
      go('export', words.exportFaces),
      line,
      ...(mac
        ? [{ role: 'close' } as const]
        : [settings, line, { role: 'quit', label: words.quit } as const]),
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: words.edit,
    submenu: [
      command('undo', words.undo, 'CmdOrCtrl+Z'),
      command('redo', words.redo, 'CmdOrCtrl+Shift+Z'),
      line,
      { role: 'cut', label: words.cut },
      { role: 'copy', label: words.copy },
      { role: 'paste', label: words.paste },
      { role: 'selectAll', label: words.selectAll },
      line,
      command('palette', words.palette, 'CmdOrCtrl+K'),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: words.view,
    submenu: [
      { role: 'zoomIn', label: words.zoomIn },
      { role: 'zoomOut', label: words.zoomOut },
      { role: 'resetZoom', label: words.zoomReset },
      line,
      { role: 'togglefullscreen', label: words.fullScreen },
    ],
  };
  const places: MenuItemConstructorOptions = {
    label: words.go,
    submenu: destinations('bar', 'menu').map(({ name }) => go(name)),
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: words.help,
    submenu: [command('keys', words.keys)],
  };
  return [
    ...(mac ? [ofTheApp] : []),
    file,
    edit,
    view,
    places,
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    help,
  ];
}

/** The page's keys, `$mod+e`, as Electron writes them. */
function acceleratorOf({ keys }: { from?: string; keys?: string }): string | undefined {
  return keys?.replace('$mod', 'CmdOrCtrl').replace(/[a-z]$/, (letter) => letter.toUpperCase());
}
