import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractAll } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MainProcess } from '../fixtures/main-process.ts';
import { zipOf } from '../fixtures/zip.ts';

// Forge packs the app around a file that stands in for Electron's program. What came of it is taken out of its archive
// and started, with Electron's double, where nothing else of the project is to be found.

const project = resolve(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'kith-package-'));
const app = join(home, `out/Kith-${process.platform}-${process.arch}`);
const resources = join(app, 'resources');
const unpacked = join(home, 'app');

/** What Electron's program holds of fuses: a mark, the version, how many there are, and one letter for each. */
const program = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100011'),
]);

const canPack = process.platform === 'linux' && process.arch === 'x64';

beforeAll(() => {
  if (!canPack) return;
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/electron/package.json'), 'utf8'));
  mkdirSync(join(home, 'zips'));
  writeFileSync(
    join(home, `zips/electron-v${version}-linux-x64.zip`),
    zipOf({
      electron: { bytes: program, mode: 0o755 },
      version: { bytes: Buffer.from(version), mode: 0o644 },
      'resources/default_app.asar': { bytes: Buffer.alloc(0), mode: 0o644 },
    }),
  );
  const forge = join(project, 'node_modules/@electron-forge/cli/dist/electron-forge.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [forge, 'package'], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, KITH_ELECTRON_ZIPS: join(home, 'zips'), KITH_OUT: join(home, 'out') },
  });
  expect(status, stdout + stderr).toBe(0);
  extractAll(join(resources, 'app.asar'), unpacked);
}, 300_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

it.runIf(canPack)(
  'The packed program runs no Node of its own, takes no options for one, and loads the archive alone',
  async () => {
    const fuses = await getCurrentFuseWire(join(app, 'kith'));
    const states = (...options: FuseV1Options[]) => options.map((option) => fuses[option]);
    expect(
      states(
        FuseV1Options.RunAsNode,
        FuseV1Options.EnableNodeOptionsEnvironmentVariable,
        FuseV1Options.EnableNodeCliInspectArguments,
        FuseV1Options.GrantFileProtocolExtraPrivileges,
      ),
    ).toEqual(Array(4).fill(FuseState.DISABLE));
    expect(
      states(
        FuseV1Options.EnableCookieEncryption,
        FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
        FuseV1Options.OnlyLoadAppFromAsar,
      ),
    ).toEqual(Array(3).fill(FuseState.ENABLE));
  },
);

it.runIf(canPack)('The archive holds what was built and what it runs on, and nothing else', () => {
  expect(readdirSync(unpacked).sort()).toEqual(['.vite', 'LICENSE', 'dist', 'node_modules', 'package.json']);
  expect(readdirSync(join(unpacked, 'dist'))).toEqual(['page']);
  const packages = readdirSync(join(unpacked, 'node_modules'));
  for (const tool of ['electron', 'vite', 'typescript', 'vitest', 'node', 'svelte']) {
    expect(packages).not.toContain(tool);
  }
  const libraries = readdirSync(join(resources, 'app.asar.unpacked/node_modules'));
  expect(libraries.sort()).toEqual([
    '@img',
    'exiftool-vendored.pl',
    'onnxruntime-node',
    'opencv-wasm',
    'sharp',
  ]);
  const runtime = join(resources, 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6');
  expect(readdirSync(runtime, { recursive: true }).sort()).toEqual([
    'linux',
    'linux/x64',
    'linux/x64/libonnxruntime.so.1',
    'linux/x64/onnxruntime_binding.node',
  ]);
});

it.runIf(canPack)('What was packed scans photos, and has all that it needs', async () => {
  const main = new MainProcess(join(unpacked, '.vite/build/electron/shell/main.js'), {
    // A person's home where Kith never was.
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    KITH_TEST_HOME: home,
    KITH_TEST_RESOURCES: resources,
    // ONNX Runtime writes nothing down where this is set, whatever Kith says.
    CI: undefined,
  });
  try {
    await main.until('window.loadURL');
    const { path } = await main.call<{ path: string }>('folders.sample');
    await main.call('scan.start', { path });
    const [, { state }] = (await main.until('contents.send', ([, sent]) => {
      const { kind, state } = sent as { kind: string; state?: { phase: string } };
      return kind === 'scan' && ['done', 'failed'].includes(state!.phase);
    })) as [string, { state: object }];
    expect(state).toMatchObject({ phase: 'done', failure: null, progress: { done: 24 } });
    expect(await main.call('library.overview')).toMatchObject({ photos: 24, unreadable: 0 });
    const { status, bytes } = await main.do<{ status: number; bytes: Uint8Array }>('get', 'kith://app/');
    expect(status).toBe(200);
    expect(new TextDecoder().decode(bytes)).toContain('<title>Kith</title>');
    expect(readdirSync(home)).not.toContain('cache');
    const started = (await main.asked('utilityProcess.fork')).map(([file]) => file);
    const entry = (name: string) => join(unpacked, '.vite/build/electron/shell', name);
    expect(new Set(started)).toEqual(new Set([entry('owner-entry.js'), entry('vision-entry.js')]));
    const ended = once(main.process, 'exit');
    main.do('emit', 'will-quit').catch(() => {});
    expect(await ended).toEqual([0, null]);
  } finally {
    main.process.kill();
  }
});
