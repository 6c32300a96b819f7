import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MenuItem, MenuItemConstructorOptions, NativeImage } from 'electron';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { destinations } from '../../electron/contract/places.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { App } from '../../electron/service/app/app.ts';
import { desktop } from '../../electron/shell/desktop.ts';
import { drags } from '../../electron/shell/drag.ts';
import { menuOf } from '../../electron/shell/menu.ts';
import { folderOf } from '../../electron/shell/opened.ts';
import { wordsIn } from '../../electron/shell/words.ts';

const home = mkdtempSync(join(tmpdir(), 'kith-desktop-'));
afterAll(() => rmSync(home, { recursive: true }));
const words = wordsIn('en-GB');

describe('The menu', () => {
  const items = (platform: NodeJS.Platform, send = vi.fn()) => {
    const all = (each: MenuItemConstructorOptions): MenuItemConstructorOptions[] => [
      each,
      ...((each.submenu as MenuItemConstructorOptions[] | undefined) ?? []).flatMap(all),
    ];
    return { send, items: menuOf({ words, platform, send }).flatMap(all) };
  };

  it.each(['linux', 'darwin', 'win32'] as const)(
    'sends every command of its items to the page on %s',
    (platform) => {
      const { items: list, send } = items(platform);
      const commands = list.filter(({ click }) => click);
      for (const { click } of commands) click!({} as MenuItem, undefined, {} as never);
      expect(send.mock.calls.flat()).toEqual(commands.map(({ id }) => id));
      const places = new Set(['export', 'settings', 'welcome']);
      for (const { name } of destinations('bar', 'menu')) places.add(name);
      const all = [...[...places].map((place) => `go.${place}`), 'keys', 'palette', 'redo', 'undo'].sort();
      expect(send.mock.calls.flat().sort()).toEqual(all);
    },
  );
  it('offers neither a reload nor the developer tools', () => {
    const roles = items('linux').items.map(({ role }) => role);
    expect(roles).not.toContain('reload');
    expect(roles).not.toContain('toggleDevTools');
  });
  it('leads to the screens by the keys and the names that the page has for them', () => {
    const go = items('linux').items.filter(({ id }) => id?.startsWith('go.'));
    expect(go.map(({ label, accelerator }) => [label, accelerator])).toEqual([
      ['Add Photos…', 'CmdOrCtrl+O'],
      ['Export Faces…', 'CmdOrCtrl+E'],
      ['Models and Settings…', 'CmdOrCtrl+,'],
      ['People', 'CmdOrCtrl+1'],
      ['Photos', 'CmdOrCtrl+2'],
      ['Review', 'CmdOrCtrl+3'],
      ['Compare', 'CmdOrCtrl+4'],
      ['History', 'CmdOrCtrl+Shift+H'],
    ]);
  });
  it('speaks the two languages of the page', () => {
    expect(menuOf({ words: wordsIn('de-AT'), platform: 'linux', send() {} })[0]?.label).toBe('Ablage');
    expect(menuOf({ words: wordsIn('fr'), platform: 'linux', send() {} })[0]?.label).toBe('File');
  });
});

describe('The desktop', () => {
  function watched() {
    const window = { setProgressBar: vi.fn(), isFocused: () => watcher.focused, isDestroyed: () => false };
    const app = { addRecentDocument: vi.fn() };
    const notify = vi.fn();
    const watcher = { focused: false, time: 0 };
    const tell = desktop({ app, window, words: () => words, notify, now: () => watcher.time });
    const scan = (phase: ScanState['phase'], done = 0, total = 0) =>
      tell({
        kind: 'scan',
        state: {
          path: '/photos/2019',
          phase,
          progress: { done, total, rate: 1, remaining: null, path: null, faces: 1234 },
          people: 0,
          over: false,
          holds: null,
          failure: null,
        },
      });
    return { window, app, notify, watcher, scan };
  }

  it('shows how far a scan is, and nothing once it has ended', () => {
    const { scan, window, app } = watched();
    scan('scanning');
    scan('scanning', 5, 20);
    scan('paused', 5, 20);
    scan('grouping', 20, 20);
    scan('done', 20, 20);
    expect(window.setProgressBar.mock.calls).toEqual([
      [2, { mode: 'indeterminate' }],
      [0.25, { mode: 'normal' }],
      [0.25, { mode: 'paused' }],
      [2, { mode: 'indeterminate' }],
      [-1, { mode: 'none' }],
    ]);
    expect(app.addRecentDocument.mock.calls).toEqual([['/photos/2019']]);
  });
  it.each([
    ['a long one that nobody watched', 'done', 60_000, false, 1],
    ['a long one that failed', 'failed', 60_000, false, 1],
    ['a short one', 'done', 3000, false, 0],
    ['one before the eyes of its person', 'done', 60_000, true, 0],
    ['one that was cancelled', 'cancelled', 60_000, false, 0],
  ] as const)('calls back after %s', (_name, phase, took, focused, calls) => {
    const { scan, notify, watcher } = watched();
    scan('scanning');
    Object.assign(watcher, { time: took, focused });
    scan(phase);
    expect(notify).toHaveBeenCalledTimes(calls);
    if (calls) expect(notify.mock.calls[0]![0].body).toBe('2019: 1,234 faces');
  });
});

describe('A start', () => {
  const photo = join(home, 'anna.jpg');
  writeFileSync(photo, '');
  it.each([
    [['kith'], true, null],
    [['kith', '--no-sandbox'], true, null],
    [['kith', 'photos'], true, resolve(home, 'photos')],
    [['kith', '--flag', home], true, home],
    [['kith', photo], true, home],
    [['electron', '.'], false, null],
    [['electron', '--inspect=0', '.', 'photos'], false, resolve(home, 'photos')],
  ])('by %j (packed: %s) is about %s', (argv, isPackaged, folder) => {
    expect(folderOf(argv, home, isPackaged)).toBe(folder);
  });
});

describe('Dragging a face out', () => {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
  const app = {
    picture: async (_kind: string, id: number) => (id === 7 ? { bytes: jpeg, type: 'image/jpeg' } : null),
  };
  const icon = {} as NativeImage;
  const toImage = vi.fn(() => ({ resize: () => icon }) as unknown as NativeImage);

  it('hands over a JPEG, which is gone when Kith is', async () => {
    const out = drags(app as unknown as App, toImage);
    const startDrag = vi.fn();
    await out.start({ startDrag, isDestroyed: () => false }, 7);
    const { file } = startDrag.mock.calls[0]![0];
    expect(startDrag).toHaveBeenCalledWith({ file, icon });
    expect(readFileSync(file)).toEqual(jpeg);
    out.close();
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
  it.each([8, '../7', -1, null, { id: 7 }])('does nothing for %j', async (face) => {
    const out = drags(app as unknown as App, toImage);
    const startDrag = vi.fn();
    await out.start({ startDrag, isDestroyed: () => false }, face);
    out.close();
    expect(startDrag).not.toHaveBeenCalled();
  });
});
