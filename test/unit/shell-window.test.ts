import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Screen } from 'electron';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openWindow } from '../../electron/shell/window.ts';
import { placeOn, type Rectangle } from '../../electron/shell/window-place.ts';

const home = mkdtempSync(join(tmpdir(), 'kith-window-'));
afterAll(() => rmSync(home, { recursive: true }));

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const beside = { x: 1440, y: 0, width: 2560, height: 1440 };

describe('A window opens', () => {
  it('where it was', () => {
    const was = { x: 1600, y: 200, width: 1000, height: 700 };
    expect(placeOn([laptop, beside], was)).toEqual(was);
  });
  it('in the middle of the first screen, no larger than that, once its own screen is gone', () => {
    expect(placeOn([laptop], { x: 1600, y: 200, width: 2000, height: 700 })).toEqual({
      width: 1440,
      height: 700,
    });
  });
  it('in the middle where it never was', () => {
    expect(placeOn([laptop], null)).toEqual({ width: 1280, height: 860 });
  });
  it('such that its upper edge can be taken hold of, whatever was written down', () => {
    const side = fc.integer({ min: 1, max: 10_000 });
    const at = fc.integer({ min: -20_000, max: 20_000 });
    fc.assert(
      fc.property(fc.record({ x: at, y: at, width: side, height: side }), (was: Rectangle) => {
        const { x, y, width, height } = placeOn([laptop, beside], was);
        const isOn = (area: Rectangle) =>
          Math.min(x! + width!, area.x + area.width) - Math.max(x!, area.x) >= Math.min(120, width!) &&
          y! >= area.y &&
          y! < area.y + area.height;
        expect(width).toBeGreaterThan(0);
        expect(height).toBeGreaterThan(0);
        expect(x === undefined ? y === undefined : [laptop, beside].some(isOn)).toBe(true);
      }),
    );
  });
});

/** A window that remembers what was asked of it. */
class Double extends EventEmitter {
  webContents = new EventEmitter();
  loadURL = vi.fn(async () => {});
  show = vi.fn();
  maximize = vi.fn();
  bounds = { x: 10, y: 40, width: 900, height: 600 };
  isFull = false;
  getNormalBounds = () => this.bounds;
  isMaximized = () => this.isFull;
}

function opened(file: string) {
  const double = new Double();
  const create = vi.fn((_options: BrowserWindowConstructorOptions) => double as unknown as BrowserWindow);
  const displays = [
    { id: 2, workArea: beside },
    { id: 1, workArea: laptop },
  ];
  openWindow({
    file,
    screen: {
      getPrimaryDisplay: () => displays[1],
      getAllDisplays: () => displays,
    } as unknown as Screen,
    create,
    isPackaged: true,
    isDark: false,
  });
  return { double, options: create.mock.calls[0]![0] };
}

describe('The window', () => {
  it('remembers its place, and that it was maximized', () => {
    const file = join(home, 'deep', 'window.json');
    const first = opened(file);
    expect(first.options).toMatchObject({ width: 1280, height: 860 });
    expect(first.options.x).toBeUndefined();
    first.double.isFull = true;
    first.double.emit('close');
    const second = opened(file);
    expect(second.options).toMatchObject({ x: 10, y: 40, width: 900, height: 600 });
    expect(second.double.maximize).toHaveBeenCalledOnce();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ maximized: true });
  });
  it.each(['', '{', '{"bounds":{"x":1}}', '[]'])('opens as if for the first time after %j', (text) => {
    const file = join(home, 'damaged.json');
    writeFileSync(file, text);
    expect(opened(file).options).toMatchObject({ width: 1280, height: 860 });
  });
  it('loads the page over our own scheme, sandboxed, and is shown once there is something to see', () => {
    const { double, options } = opened(join(home, 'none.json'));
    expect(double.loadURL.mock.calls).toEqual([['kith://app/']]);
    expect(options).toMatchObject({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, devTools: false },
    });
    expect(options.webPreferences?.preload).toMatch(/preload\.cjs$/);
    expect(double.show).not.toHaveBeenCalled();
    double.emit('ready-to-show');
    expect(double.show).toHaveBeenCalledOnce();
  });
});
