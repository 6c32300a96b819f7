import type { Session, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { CALL, DRAG } from '../../electron/shell/channels.ts';
import { type DoorOptions, listenToPage } from '../../electron/shell/door.ts';
import { isOwnPage, keepInPlace, lockSession, PREFERENCES } from '../../electron/shell/security.ts';

// What the shell refuses, held against doubles of the few Electron objects that it speaks to.

type Listener = (...words: never[]) => unknown;

const page = { parent: null, origin: 'kith://app' };
const strangers = {
  'a frame within the page': { parent: page, origin: 'kith://app' },
  'another origin': { parent: null, origin: 'https://kith.example' },
  'an origin that begins like ours': { parent: null, origin: 'kith://app.example' },
  'a page without an origin': { parent: null, origin: 'null' },
  'a frame that is gone': null,
  'a frame that can no longer be asked': {
    parent: null,
    get origin(): string {
      throw new Error('Render frame was disposed');
    },
  },
};

describe('The page', () => {
  it('is the main frame of exactly our origin', () => {
    expect(isOwnPage(page as never)).toBe(true);
  });
  it.each(Object.entries(strangers))('is not %s', (_name, frame) => {
    expect(isOwnPage(frame as never)).toBe(false);
  });
  it('has no Node, and a world apart from the preload script', () => {
    expect(PREFERENCES).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
  });
});

describe('The door', () => {
  const contents = { id: 3 };
  function opened() {
    const listeners = new Map<string, Listener>();
    const put = (channel: string, listener: Listener) => void listeners.set(channel, listener);
    const behind = {
      answer: vi.fn(async () => ({ ok: true as const, result: 7 })),
      drag: vi.fn(async () => {}),
    };
    listenToPage({ ipc: { handle: put, on: put } as unknown as DoorOptions['ipc'], ...behind });
    const send = async (channel: string, frame: unknown, ...words: unknown[]) =>
      listeners.get(channel)?.(...([{ senderFrame: frame, sender: contents }, ...words] as never[]));
    return { ...behind, send, channels: [...listeners.keys()] };
  }

  it('listens on two channels', () => {
    expect(opened().channels.sort()).toEqual([CALL, DRAG].sort());
  });
  it('answers the page', async () => {
    const door = opened();
    expect(await door.send(CALL, page, 'scan.state', {})).toEqual({ ok: true, result: 7 });
    expect(door.answer).toHaveBeenLastCalledWith('scan.state', {}, { sender: '3', seen: undefined });
    await door.send(DRAG, page, 12);
    expect(door.drag).toHaveBeenCalledWith(contents, 12);
  });
  it('passes on what the page had seen, and nothing that is no position', async () => {
    const door = opened();
    for (const seen of [7, null]) {
      await door.send(CALL, page, 'journal.undo', {}, seen);
      expect(door.answer).toHaveBeenLastCalledWith('journal.undo', {}, { sender: '3', seen });
    }
    for (const seen of [-1, 1.5, 'all', {}]) {
      await expect(door.send(CALL, page, 'journal.undo', {}, seen)).rejects.toThrow();
    }
    expect(door.answer).toHaveBeenCalledTimes(2);
  });
  it.each(Object.entries(strangers))('is shut to %s', async (_name, frame) => {
    const door = opened();
    for (const channel of door.channels) {
      await expect(door.send(channel, frame, 'scan.state', {})).rejects.toThrow(
        'Expected the page as sender',
      );
    }
    expect(door.answer).not.toHaveBeenCalled();
    expect(door.drag).not.toHaveBeenCalled();
  });
});

describe('The session', () => {
  const handlers: Record<string, Listener> = {};
  const keep = (name: string) => (listener: Listener) => {
    handlers[name] = listener;
  };
  lockSession({
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    on: (name: string, listener: Listener) => keep(name)(listener),
    webRequest: { onBeforeRequest: keep('before') },
  } as unknown as Session);
  const ask = (name: string, ...words: unknown[]) => handlers[name]!(...(words as never[]));

  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'openExternal'])(
    'denies %s',
    (permission) => {
      const answer = vi.fn();
      ask('request', null, permission, answer);
      expect(answer.mock.calls).toEqual([[false]]);
      expect(ask('check', null, permission)).toBe(false);
    },
  );
  it('gives no device, and downloads nothing', () => {
    expect(ask('device', {})).toBe(false);
    const event = { preventDefault: vi.fn() };
    ask('will-download', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });
  it.each([
    ['kith://app/face/1', false],
    ['blob:kith://app/1', false],
    ['https://kith.example/', true],
    ['http://127.0.0.1/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['kith://app.example/', true],
  ])('%s is cancelled: %s', (url, cancel) => {
    const answer = vi.fn();
    ask('before', { url }, answer);
    expect(answer.mock.calls).toEqual([[{ cancel }]]);
  });
});

describe('The window', () => {
  function kept() {
    const handlers: Record<string, Listener> = {};
    const outside = vi.fn();
    keepInPlace(
      {
        setWindowOpenHandler: (handler: Listener) => void Object.assign(handlers, { open: handler }),
        on: (name: string, listener: Listener) => void Object.assign(handlers, { [name]: listener }),
      } as unknown as WebContents,
      outside,
    );
    return { outside, ask: (name: string, word: unknown) => handlers[name]!(word as never) };
  }

  it.each([
    ['https://github.com/ShiqiYu/libfacedetection', true],
    ['https://github.com.example/', false],
    ['http://github.com/', false],
    ['file:///etc/passwd', false],
    ['smb://server/share', false],
    ['no address', false],
  ])('never opens another; %s opens in the browser: %s', (url, opens) => {
    const { ask, outside } = kept();
    expect(ask('open', { url })).toEqual({ action: 'deny' });
    expect(outside.mock.calls).toEqual(opens ? [[url]] : []);
  });
  it.each(['will-frame-navigate', 'will-redirect', 'will-attach-webview'])('stops at %s', (name) => {
    const event = { preventDefault: vi.fn(), url: 'https://kith.example/', isMainFrame: true };
    const { ask, outside } = kept();
    ask(name, event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(outside).not.toHaveBeenCalled();
  });
});
