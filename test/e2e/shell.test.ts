import { spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserWindowConstructorOptions } from 'electron';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShellBridge } from '../../electron/contract/shell.ts';
import { DistantVision } from '../../electron/shell/owner-vision.ts';
import { startVision } from '../../electron/shell/vision.ts';
import { forkOf, type PoolOptions, startPool } from '../../electron/vision/pool.ts';
import { openStore } from '../../models/store.ts';
import { buildShell } from '../fixtures/built-shell.ts';
import { AS_ELECTRON, app, MessageChannelMain, utilityProcess } from '../fixtures/electron-double.ts';
import { MainProcess } from '../fixtures/main-process.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';

// The main process as Forge's configuration builds it, started by plain Node with a double of Electron's objects: all of
// Kith in it is real, the vision processes and their networks too.

const project = resolve(import.meta.dirname, '../..');
const { built, remove } = buildShell();
afterAll(remove);

const home = mkdtempSync(join(tmpdir(), 'kith-shell-'));
const library = join(home, 'library.kith');
const start = (env: NodeJS.ProcessEnv = {}, words: string[] = []) =>
  new MainProcess(
    join(built, 'shell/main.js'),
    { KITH_TEST_HOME: home, KITH_LIBRARY: library, ...env },
    words,
  );

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('The build', () => {
  it('is JavaScript that Node takes, file by file as the sources lie', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--check', join(built, 'shell/main.js')], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const threads = ['label', 'learn', 'load-matching'].map((name) => `service/${name}-worker.js`);
    for (const file of [
      'vision/worker.js',
      ...threads,
      '../models/convert/onnx.proto',
      '../models/cards/dlib.md',
    ]) {
      expect(existsSync(join(built, file)), file).toBe(true);
    }
  });
  it('has a preload script as a sandbox takes it: one CommonJS file that requires nothing but Electron', () => {
    const script = readFileSync(join(built, 'shell/preload.cjs'), 'utf8');
    expect([...script.matchAll(/require\(([^)]*)\)/g)].map(([, what]) => what)).toEqual(['"electron"']);
    expect(script).not.toMatch(/^(import|export)\b/m);
  });
});

describe('The preload script', () => {
  it('gives the page a few functions, and no event of Electron’s', async () => {
    const exposed: Record<string, ShellBridge> = {};
    const ipc = Object.assign(new EventEmitter(), {
      invoke: async (...words: unknown[]) => words,
      send: (...words: unknown[]) => void ipc.emit('sent', words),
    });
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: ShellBridge) => void Object.assign(exposed, { [name]: api }),
      },
      ipcRenderer: ipc,
      webUtils: { getPathForFile: (file: { path: string }) => file.path },
    };
    const script = readFileSync(join(built, 'shell/preload.cjs'), 'utf8');
    new Function('require', 'process', script)(() => electron, { platform: 'linux' });
    expect(Object.keys(exposed)).toEqual(['kith']);
    const { kith } = exposed as { kith: ShellBridge };
    const heard: unknown[][] = [];
    const stop = kith.on((...words) => void heard.push(words));
    ipc.emit('kith:event', { sender: 'secret' }, { kind: 'found', faces: [1] });
    stop();
    ipc.emit('kith:event', { sender: 'secret' }, { kind: 'found', faces: [2] });
    expect(heard).toEqual([[{ kind: 'found', faces: [1] }]]);
    expect(await kith.call('scan.state', {}, 7)).toEqual(['kith:call', 'scan.state', {}, 7]);
    expect(kith.pathForFile({ path: '/photos' } as unknown as File)).toBe('/photos');
    expect(kith.pathForFile({ path: '' } as unknown as File)).toBeNull();
  });
});

describe('A vision process of the build', () => {
  const sample = join(project, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');
  const setup = {
    detector: 'ssd',
    encoder: 'dlib',
    models: [...openStore().folders],
    maxSide: 1600,
  } as const;
  const entry = pathToFileURL(join(built, 'shell/vision-entry.js'));
  const inElectron = () => {
    const { port, kill, ended } = startVision(utilityProcess.fork, MessageChannelMain, entry);
    const vision = new DistantVision(kill);
    vision.connect(port);
    void ended.then((how) => vision.end(how));
    return vision;
  };
  beforeAll(() => app.whenReady());

  it('finds what the sources find, with sharp’s WebAssembly build too, which Linux has in Electron', async () => {
    const start = (spawn?: PoolOptions['spawn']) =>
      startPool({ ...setup, models: [...setup.models] }, { size: 1, ...(spawn ? { spawn } : {}) });
    const pools = {
      sources: start(),
      build: start(forkOf(entry)),
      electron: start(inElectron),
    };
    try {
      const [ofSources, ofBuild, ofElectron] = await Promise.all([
        pools.sources.analyse(sample),
        pools.build.analyse(sample),
        pools.electron.analyse(sample),
      ]);
      expect(ofBuild).toEqual(ofSources);
      expect(ofElectron.faces).toHaveLength(3);
      for (const [index, { embedding }] of ofElectron.faces.entries()) {
        const cosine = embedding.reduce((sum, x, at) => sum + x * ofSources.faces[index]!.embedding[at]!, 0);
        expect(cosine).toBeGreaterThan(0.999);
      }
    } finally {
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
    }
  });
});

it.runIf(process.platform === 'linux')(
  'Linux has sharp’s WebAssembly build in Electron, and there alone',
  () => {
    const hook = pathToFileURL(join(built, 'shell/sharp-on-linux.js')).href;
    const script = `await import(${JSON.stringify(hook)}); const { default: sharp } = await import('sharp');
    console.log(sharp.versions.emscripten === undefined ? 'native' : 'WebAssembly')`;
    const inNode = (...words: string[]) =>
      spawnSync(process.execPath, [...words, '--input-type=module', '-e', script], {
        cwd: project,
        encoding: 'utf8',
      }).stdout;
    expect(inNode()).toBe('native\n');
    expect(inNode('--import', AS_ELECTRON)).toBe('WebAssembly\n');
  },
);

describe('The main process', () => {
  const note = join(home, 'shown');
  let main: MainProcess;
  beforeAll(() => {
    main = start({ KITH_SHOWN_NOTE: note });
  });
  afterAll(() => main.process.kill());

  it('is sandboxed and has its scheme before Electron is ready, and opens one window', async () => {
    await main.until('window.loadURL');
    expect(await main.asked('app.enableSandbox')).toHaveLength(1);
    expect(await main.asked('protocol.registerSchemesAsPrivileged')).toMatchObject([
      [[{ scheme: 'kith', privileges: { standard: true, secure: true } }]],
    ]);
    const [[options], ...more] = (await main.asked('new BrowserWindow')) as [
      [BrowserWindowConstructorOptions],
    ];
    expect(more).toEqual([]);
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
    expect(existsSync(options.webPreferences!.preload!)).toBe(true);
    expect(await main.asked('Menu.setApplicationMenu')).toEqual([
      [expect.arrayContaining(['Ablage', 'Hilfe'])],
    ]);
  });

  it('calls what Electron has on Windows alone there alone', async () => {
    expect(await main.asked('app.setAppUserModelId')).toHaveLength(process.platform === 'win32' ? 1 : 0);
  });

  it('says to npm start that there is a window, once there is something to see', async () => {
    expect(existsSync(note)).toBe(false);
    await main.do('shown');
    expect(await main.asked('window.show')).toHaveLength(1);
    expect(existsSync(note)).toBe(true);
  });

  it('loads the page again where its process ended, and not for ever', async () => {
    await main.do('crash', 'clean-exit');
    expect(await main.asked('contents.reload')).toHaveLength(0);
    await main.do('crash', 'crashed');
    await main.do('crash', 'oom');
    expect(await main.asked('contents.reload')).toHaveLength(1);
  });

  it('answers the page through the contract’s door, and nobody else', async () => {
    expect(await main.call('library.overview')).toMatchObject({ shell: 'electron', photos: 0 });
    expect(await main.do('call', 'no.such', {})).toMatchObject({
      ok: false,
      failure: { code: 'bad-request' },
    });
    expect(await main.do('call', 'shell.reveal', { folder: '/' })).toMatchObject({
      ok: false,
      failure: { code: 'bad-request' },
    });
    const stranger = { parent: null, origin: 'https://kith.example' };
    await expect(main.do('call', 'library.overview', {}, stranger)).rejects.toThrow(
      'Expected the page as sender',
    );
    expect(await main.call('shell.chooseFolder')).toEqual({ path: '/chosen' });
  });

  it('opens the folder that a second start is given; scans it in vision processes; tells page and desktop', async () => {
    const path = await sixPhotos(home);
    await main.do('emit', 'second-instance', [], '/', { folder: path });
    type Scan = { kind: string; state: { phase: string } };
    const [, { state }] = (await main.until('contents.send', ([, sent]) => {
      const { kind, state } = sent as Scan;
      return kind === 'scan' && ['done', 'failed'].includes(state.phase);
    })) as [string, Scan];
    expect(state).toMatchObject({ phase: 'done', failure: null, progress: { done: 6 } });
    const [owner, ...vision] = await main.asked('utilityProcess.fork');
    expect(owner).toEqual([join(built, 'shell/owner-entry.js'), 'Kith library']);
    expect(vision).not.toEqual([]);
    for (const each of vision) expect(each).toEqual([join(built, 'shell/vision-entry.js'), 'Kith vision']);
    expect(await main.asked('app.addRecentDocument')).toEqual([[path]]);
    expect((await main.asked('window.setProgressBar')).at(-1)).toEqual([-1, { mode: 'none' }]);
    expect(await main.asked('window.focus')).toHaveLength(1);
    expect(await main.do('call', 'shell.reveal', { folder: path })).toMatchObject({ ok: true });
    expect(await main.asked('shell.openPath')).toHaveLength(1);
  });

  it('wears the theme and speaks the language that the page was given', async () => {
    await main.call('settings.set', { language: 'en', theme: 'dark' });
    const [menu] = await main.until('Menu.setApplicationMenu', ([menu]) =>
      (menu as string[]).includes('Help'),
    );
    expect(menu).not.toContain('Hilfe');
    expect(await main.do('theme')).toBe('dark');
    await main.call('settings.set', { language: 'system' });
  });

  it('serves faces and photos at the addresses that the page has in a browser too', async () => {
    interface Answer {
      status: number;
      bytes: Uint8Array;
    }
    const { items } = (await main.call('photos.list')) as { items: { id: number }[] };
    const photo = await main.do<Answer>('get', `kith://app/photo/${items[0]!.id}?size=320`);
    expect(photo.status).toBe(200);
    expect((await sharp(photo.bytes).metadata()).width).toBe(320);
    const face = await main.do<Answer>('get', 'kith://app/face/1');
    expect((await sharp(face.bytes).metadata()).format).toBe('jpeg');
    expect((await main.do<Answer>('get', 'kith://app/face/9999')).status).toBe(404);
    expect((await main.do<Answer>('get', 'kith://app/..%2f..%2fpackage.json')).status).toBe(404);
  });

  it('hands a face’s crop to a drag', async () => {
    await main.do('drag', 1);
    const [{ file }] = (await main.until('contents.startDrag')) as [{ file: string }];
    expect(readFileSync(file).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('closes the record before it ends', async () => {
    const ended = once(main.process, 'exit');
    main.do('emit', 'will-quit').catch(() => {});
    expect(await ended).toEqual([0, null]);
    expect(existsSync(library)).toBe(true);
    expect(existsSync(`${library}-wal`)).toBe(false);
    expect(existsSync(`${library}.owner`)).toBe(false);
  });
});

describe('A second start', () => {
  it('gives its folder to the first, and leaves', async () => {
    const main = start({ KITH_TEST_SECOND: 'yes' }, ['photos']);
    await main.until('app.quit');
    expect(await main.asked('app.requestSingleInstanceLock')).toEqual([[{ folder: resolve('photos') }]]);
    expect(await main.asked('new BrowserWindow')).toEqual([]);
    main.process.kill();
  });
});

describe('A start with what is no library', () => {
  it('says so in a dialog, and ends', async () => {
    const text = join(home, 'text.kith');
    writeFileSync(text, 'no library, and long enough to be looked at twice'.repeat(100));
    const main = start({ KITH_LIBRARY: text });
    const [{ asked }] = (await once(main.process, 'message')) as [{ asked: unknown[][] }];
    expect(asked).toContainEqual([
      'dialog.showErrorBox',
      'Kith kann nicht starten',
      expect.stringContaining('Das ist keine Bibliothek von Kith'),
    ]);
    expect(await once(main.process, 'exit')).toEqual([1, null]);
  });
});
