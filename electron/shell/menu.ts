import type { MenuItemConstructorOptions } from 'electron';
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
  const settings = command('go.settings', words.settings, 'CmdOrCtrl+,');

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
      command('go.welcome', words.addPhotos, 'CmdOrCtrl+O'),
      ...(mac ? [recent] : []),
      line,
      command('go.export', words.exportFaces, 'CmdOrCtrl+E'),
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
  const go: MenuItemConstructorOptions = {
    label: words.go,
    submenu: [
      ...(['people', 'photos', 'review', 'compare'] as const).map((place, index) =>
        command(`go.${place}`, words[place], `CmdOrCtrl+${index + 1}`),
      ),
      command('go.history', words.history, 'CmdOrCtrl+Y'),
    ],
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
    go,
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    help,
  ];
}
