import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reply } from '../../electron/contract/events.ts';
import type { JournalEntry } from '../../electron/contract/people.ts';
import { faults } from '../service/support/place.ts';
import { changesBetween, isUndoable, RecordReader, type Rows } from './record.ts';
import { type Request, World } from './world.ts';

// What happens to a machine while Kith is at work: the record becomes read-only, the clock is set back. (Full disks and
// kills have files of their own.) Vision is replaced.

let world: World;
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'kith-data-'));
  vi.stubEnv('XDG_DATA_HOME', data);
  world = new World(1);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await world.close();
  world.remove();
  rmSync(data, { recursive: true });
});

const naming = (face: number, name: string) =>
  ({ name: 'name', params: { faces: [face], name, merge: true } }) as Request;

function said(before: Rows, after: Rows) {
  return changesBetween(before, after).filter(({ key }) => isUndoable(key));
}

/** Whom the modes of files hold for, also where the tests run as root. */
const SOMEBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** What a Kith of its own answers, as a user whom the modes of files hold for. `meanwhile`: once it has the record open. */
async function answersOf(
  file: string,
  requests: Request[],
  meanwhile: () => void = () => {},
): Promise<Reply[]> {
  const child = fork(new URL('./ask-child.ts', import.meta.url), [file], {
    ...{ execArgv: [], env: { ...process.env, HOME: dirname(file), XDG_DATA_HOME: dirname(file) } },
    ...SOMEBODY,
  });
  const ended = once(child, 'exit');
  const [opened] = (await once(child, 'message')) as [Reply];
  if (!opened.ok) {
    await ended;
    return [opened];
  }
  meanwhile();
  const replies: Reply[] = [];
  for (const request of requests) {
    child.send(request);
    replies.push(((await once(child, 'message')) as [Reply])[0]);
  }
  child.disconnect();
  await ended;
  return replies;
}

/** Gives all files of the record, and their folder, these modes; or away. */
function setModes(folder: string, ofFiles: number, ofFolder: number): void {
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), ofFiles);
  chmodSync(folder, ofFolder);
}

function giveAway(folder: string): void {
  if (SOMEBODY.uid === undefined) return;
  for (const path of [dirname(folder), folder, ...readdirSync(folder).map((name) => join(folder, name))]) {
    chownSync(path, SOMEBODY.uid, SOMEBODY.gid);
  }
}

test.skipIf(process.platform === 'win32')(
  'A record that may only be read is told as such, is not touched, and is in use again once it may be written.',
  async () => {
    await world.open();
    await world.scan();
    await world.ask(naming(1, 'Ada'));
    const before = world.record.rows();
    await world.close();
    const folder = dirname(world.file);
    giveAway(folder);
    setModes(folder, 0o400, 0o500);
    const [refused] = await answersOf(world.file, [naming(2, 'Ben')]);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'library-unwritable' } });
    setModes(folder, 0o600, 0o700);
    const [done] = await answersOf(world.file, [naming(2, 'Ben')]);
    expect(done).toMatchObject({ ok: true });
    const reader = new RecordReader(world.file);
    const keys = said(before, reader.rows()).map(({ key }) => key);
    reader.close();
    expect(keys).toEqual(expect.arrayContaining(['labels:2', 'people:2']));
    expect(keys).not.toContain('labels:1');
  },
);

test.skipIf(process.platform === 'win32')(
  'A record that becomes read-only while it is open loses nothing that was told as saved.',
  async () => {
    await world.open();
    await world.scan();
    await world.close();
    const folder = dirname(world.file);
    giveAway(folder);
    const asked = [naming(1, 'Ada'), naming(2, 'Ben'), naming(3, 'Cleo')];
    const replies = await answersOf(world.file, asked, () => setModes(folder, 0o400, 0o500));
    for (const reply of replies) if (!reply.ok) expect(reply.failure.code).toBe('library-unwritable');
    setModes(folder, 0o600, 0o700);
    expect(faults(world.file)).toEqual([]);
    const reader = new RecordReader(world.file);
    const rows = reader.rows();
    reader.close();
    for (const [at, reply] of replies.entries()) expect(rows.has(`labels:${at + 1}`)).toBe(reply.ok);
  },
);

test('A clock that is set back changes neither what is undone nor the order of the history.', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-05-05T12:00:00Z') });
  await world.open();
  await world.scan();
  await world.ask(naming(1, 'Ada'));
  vi.setSystemTime(new Date('2019-01-01T00:00:00Z'));
  await world.ask(naming(2, 'Ben'));
  const listed = (await world.ask({ name: 'journal.list', params: {} })) as Reply & { ok: true };
  const entries = (listed.result as { items: JournalEntry[] }).items.filter(({ by }) => by === 'hand');
  expect(entries.map(({ detail }) => detail.name)).toEqual(['Ben', 'Ada']);
  expect(await world.ask({ name: 'journal.undo', params: {} })).toMatchObject({
    result: { entry: { detail: { name: 'Ben' } } },
  });
  await world.close();
  await world.open();
  expect(await world.scan()).toMatchObject({ phase: 'done' });
  expect(world.record.rows().get('labels:1')).toMatchObject({ by_whom: 'hand' });
  expect(world.record.rows().has('labels:2')).toBe(false);
});
