import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importModel } from '../../models/import.ts';
import { draftOf, sweepParts } from '../../models/parts.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-odd-'));
  folder = join(home, 'models');
  await mkdir(join(folder, 'downloads'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const isWindows = process.platform === 'win32';

/** A pipe that nobody writes to. */
function pipe(): string {
  const path = join(home, 'model.onnx');
  execFileSync('mkfifo', [path]);
  return path;
}

describe.skipIf(isWindows)('What is no plain file', () => {
  it.each([
    ['a pipe', pipe],
    ['a device without end', () => '/dev/zero'],
    ['a folder', () => folder],
  ])('is refused at once: %s', { timeout: 20_000 }, async (_, place) => {
    await expect(importModel([place()], { folder })).rejects.toMatchObject({ code: 'model-unsupported' });
    expect(await readdir(folder)).toEqual(['downloads']);
  });

  it('keeps no process from its end', { timeout: 60_000 }, async () => {
    const entry = join(home, 'import.ts');
    const from = new URL('../../models/import.ts', import.meta.url).pathname;
    await writeFile(
      entry,
      `import { importModel } from ${JSON.stringify(from)};
       importModel([process.argv[2]], { folder: process.argv[3] }).catch(() => {}).then(() => process.send('over'));
       process.on('SIGTERM', () => process.exit(7));
       process.send('begun');
       setInterval(() => {}, 1000);`,
    );
    const child = fork(entry, [pipe(), folder]);
    try {
      await once(child, 'message');
      await wait(500);
      child.kill('SIGTERM');
      const ended = once(child, 'exit');
      expect(await Promise.race([ended, wait(20_000, 'it goes on')])).toEqual([7, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('An import', () => {
  it('ends when nobody waits for it any more, and installs nothing', async () => {
    const model = join(home, 'large.onnx');
    await writeFile(model, 'x');
    await truncate(model, 500 * 1024 ** 2);
    const stop = new AbortController();
    const imported = importModel([model], { folder, signal: stop.signal });
    setImmediate(() => stop.abort());
    await expect(imported).rejects.toMatchObject({ code: 'cancelled' });
    await expect(importModel([model], { folder, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await readdir(folder)).toEqual(['downloads']);
  });

  it('takes away what one that was killed has left', async () => {
    const gone = spawn(process.execPath, ['-e', '0']);
    await once(gone, 'exit');
    const draft = draftOf('dlib.onnx').replace(`.${process.pid}-`, `.${gone.pid}-`);
    await writeFile(join(folder, draft), 'half a model');
    await expect(importModel([join(home, 'none.onnx')], { folder })).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(await readdir(folder)).toEqual(['downloads']);
  });
});

describe('What is left over in a folder of models', () => {
  const day = 24 * 3600;

  async function left(name: string, days: number): Promise<void> {
    const path = join(folder, name);
    await writeFile(path, 'part');
    const at = Date.now() / 1000 - days * day;
    await utimes(path, at, at);
  }

  it('goes, but for what is in use, what a download goes on from, and everything else', async () => {
    const mine = draftOf('facenet-512.onnx');
    await left(mine, 0);
    await left('dlib.onnx.4194304999-0f9a3c1e-0000-4000-8000-000000000000.part', 0);
    await left('dlib.onnx.0f9a3c1e-0000-4000-8000-000000000001.part', 2);
    await left('dlib.onnx.0f9a3c1e-0000-4000-8000-000000000002.part', 0);
    await left('yunet.onnx.part', 1);
    await left('yunet.onnx.part.json', 1);
    await left('dlib.onnx', 400);
    await left('downloads/weights.h5.part', 8);
    await left('downloads/weights.h5.part.json', 8);
    await left('downloads/other.h5.part', 6);
    await sweepParts(folder);
    expect((await readdir(folder)).toSorted()).toEqual(
      [
        ...[mine, 'dlib.onnx', 'dlib.onnx.0f9a3c1e-0000-4000-8000-000000000002.part', 'downloads'],
        ...['yunet.onnx.part', 'yunet.onnx.part.json'],
      ].toSorted(),
    );
    expect(await readdir(join(folder, 'downloads'))).toEqual(['other.h5.part']);
    await sweepParts(join(home, 'none'));
  });
});
