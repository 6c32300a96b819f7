import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startChild } from '../../electron/shell/child.ts';
import { ownerProcesses } from '../../electron/shell/owner.ts';
import { OwnerVision } from '../../electron/shell/owner-vision.ts';
import { Port } from '../fixtures/electron-ports.ts';
import { forkWhen, MessageChannelMain, started } from '../fixtures/electron-processes.ts';

// Who starts and ends whom, held against real processes that run a few lines, with the double's channels between them.

const home = mkdtempSync(join(tmpdir(), 'kith-owner-unit-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const fork = forkWhen(() => true);

/** A process that runs this. */
function entry(name: string, script: string): URL {
  const file = join(home, `${name}.mjs`);
  writeFileSync(file, script);
  return pathToFileURL(file);
}

const idle = entry('idle', 'process.parentPort.on("message", () => {});');

/** Two ends of a channel within this process. */
function channel(): [Port, Port] {
  const ends: Port[] = [];
  ends.push(new Port((sent) => ends[1]!.take(sent)), new Port((sent) => ends[0]!.take(sent)));
  return ends as [Port, Port];
}

const pidOf = (file: string) => started.findLast((each) => each.file.endsWith(file))?.pid;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('A utility process', () => {
  it('is killed as soon as it runs where that is asked for sooner', async () => {
    const child = startChild(fork, idle, 'test');
    child.kill();
    expect(await child.ended).toBe('exit status 9');
    child.kill();
    child.send('nobody hears this');
  });
  it('says what it complained of when it ended', async () => {
    const child = startChild(fork, entry('broken', 'throw new Error("no such luck")'), 'test');
    expect(await child.ended).toMatch(/^exit status 1: .*no such luck/s);
  });
});

describe('The owner’s vision processes', () => {
  const request = { kind: 'hash', id: 1, path: '/photo.jpg' } as const;

  it('are asked for, and get what was sent before they were reached', () => {
    const tell = vi.fn();
    const owner = new OwnerVision(tell);
    const vision = owner.spawn();
    const replies = vi.fn();
    vision.onReply(replies);
    vision.send(request);
    expect(tell.mock.calls).toEqual([[{ kind: 'start', id: 1 }]]);
    const [near, far] = channel();
    far.on('message', ({ data }) => far.postMessage({ reply: data.id }));
    far.start();
    owner.started(1, near);
    vision.send({ ...request, id: 2 });
    expect(replies.mock.calls).toEqual([[{ reply: 1 }], [{ reply: 2 }]]);
    vision.kill();
    expect(tell).toHaveBeenLastCalledWith({ kind: 'kill', id: 1 });
  });
  it('are told apart, and end once, also for whoever asks later', () => {
    const owner = new OwnerVision(() => {});
    const [first, second] = [owner.spawn(), owner.spawn()];
    const ends = vi.fn();
    second.onExit(ends);
    owner.ended(1, 'exit status 9');
    first.onExit((how) => ends(`first: ${how}`));
    expect(ends.mock.calls).toEqual([['first: exit status 9']]);
    owner.abandon();
    owner.ended(2, 'exit status 0');
    expect(ends.mock.calls).toEqual([['first: exit status 9'], ['the main process has ended']]);
  });
  it('lose their port with the main process, by which they end', () => {
    const owner = new OwnerVision(() => {});
    owner.spawn();
    const [near, far] = channel();
    const closed = vi.fn();
    far.on('close', closed);
    far.start();
    owner.started(1, near);
    owner.abandon();
    expect(closed).toHaveBeenCalledOnce();
    // What is tried again is not waited for.
    const again = vi.fn();
    owner.spawn().onExit(again);
    expect(again).toHaveBeenCalledWith('the main process has ended');
    // One that comes too late belongs to nobody.
    const [late, end] = channel();
    end.on('close', closed);
    end.start();
    owner.started(7, late);
    expect(closed).toHaveBeenCalledTimes(2);
  });
});

describe('The main process', () => {
  const setup = { libraryFile: join(home, 'library.kith') };
  const owned = (owner: URL, patience?: number) =>
    ownerProcesses({ fork, Channel: MessageChannelMain, entries: { owner, vision: idle }, patience });
  const answers = (start: string, more = '') => `
    process.parentPort.on('message', ({ data }) => {
      if (data.kind === 'setup') process.parentPort.postMessage({ kind: 'opened', start: { kind: '${start}' } });
      ${more}
    });`;

  it('lets a process go that is no owner, once it was heard', async () => {
    const quits = "if (data.kind === 'quit') process.exit();";
    expect(await owned(entry('taken', answers('taken', quits))).start(setup)).toEqual({ kind: 'taken' });
    await vi.waitFor(() => expect(isAlive(pidOf('taken.mjs')!)).toBe(false), 5000);
  });
  it('says why an owner ended without a word', async () => {
    const { start } = owned(entry('dumb', 'console.error("out of luck"); process.exit(3)'));
    await expect(start(setup)).rejects.toThrow(/ended at once \(exit status 3: out of luck\)/);
  });
  it('ends the vision processes of an owner that died', async () => {
    const asks = "if (data.kind === 'setup') process.parentPort.postMessage({ kind: 'start', id: 1 });";
    await owned(entry('asking', answers('listening', asks))).start(setup);
    await vi.waitFor(() => expect(isAlive(pidOf('idle.mjs')!)).toBe(true), 5000);
    const vision = pidOf('idle.mjs')!;
    process.kill(pidOf('asking.mjs')!, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(vision)).toBe(false), 5000);
  });
  it('leaves the application first, and kills an owner that does not end', async () => {
    const { start, quit } = owned(entry('deaf', answers('listening')), 300);
    await start(setup);
    const close = vi.fn(() => new Promise<void>(() => {}));
    await quit({ close });
    expect(close).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(isAlive(pidOf('deaf.mjs')!)).toBe(false), 5000);
  });
});
