import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../electron/contract/events.ts';
import { random } from '../fixtures/random.ts';
import { faults } from '../service/support/place.ts';
import { smallDisk } from './disk.ts';
import { thisProcess } from './houses.ts';
import { changesBetween, isUndoable, type Rows } from './record.ts';
import { requestOf, type Saying } from './steps.ts';
import { type Request, World } from './world.ts';

// The disk that the record lies on is full to the last pages while things are said. `KITH_DISKS`: how often.

const DISKS = Number(process.env.KITH_DISKS ?? 3);
const SEED = Number(process.env.KITH_SEED ?? 1);
const SAYINGS: Saying[] = [
  'name-faces',
  'name-group',
  'confirm',
  'refuse',
  'merge',
  'regroup',
  'split',
  'undo',
  'redo',
  'birth',
];

/** How a request may end on a full disk: done after all, refused for its own sake, or for want of room. */
const PLAIN = ['disk-full', 'not-found', 'bad-request', 'changed-meanwhile', 'output-unwritable'];

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'kith-data-'));
  process.env.XDG_DATA_HOME = data;
});
afterAll(() => rmSync(data, { recursive: true }));

const probe = smallDisk(1);
probe?.remove();

test.skipIf(probe === null)(
  `${DISKS} full disks lose nothing, are told as what they are, and work goes on with room again.`,
  async () => {
    for (let disk = 0; disk < DISKS; disk++) await onFullDisk(SEED + disk);
  },
  1_800_000,
);

async function onFullDisk(seed: number): Promise<void> {
  const disk = smallDisk(6)!;
  const world = new World(seed, () => thisProcess(disk.folder));
  const chance = random(seed);
  const say = async (): Promise<Reply> => {
    const picks = Array.from({ length: 6 }, () => Math.floor(chance() * 10_000));
    const request = requestOf(SAYINGS[Math.floor(chance() * SAYINGS.length)]!, picks, world.record.rows());
    return request ? world.ask(request) : { ok: true, result: null };
  };
  try {
    await world.open();
    await world.scan();
    for (let i = 0; i < 10; i++) await say();
    disk.fill(chance() * 40_000);
    for (let i = 0; i < 20; i++) {
      const before = world.record.rows();
      const reply = i === 5 ? await world.ask(backup(disk.folder)) : await say();
      if (reply.ok) continue;
      expect(PLAIN, reply.failure.detail).toContain(reply.failure.code);
      expect(said(before, world.record.rows())).toEqual([]);
    }
    world.addPhoto();
    const scanned = (await world.scan()) as { phase?: string; failure?: { code: string } | null };
    if (scanned.phase !== 'done') expect(scanned.failure?.code).toBe('disk-full');
    const before = world.record.rows();
    disk.clear();
    expect(said(before, world.record.rows())).toEqual([]);
    expect(await world.scan()).toMatchObject({ phase: 'done' });
    const face = [...world.record.rows().keys()]
      .find((key) => key.startsWith('faces:'))!
      .slice('faces:'.length);
    const name = { faces: [Number(face)], name: 'Zoe', merge: true };
    expect(await world.ask({ name: 'name', params: name } as Request)).toMatchObject({ ok: true });
    const last = world.record.rows();
    await world.close();
    expect(faults(world.file)).toEqual([]);
    await world.open();
    expect(said(last, world.record.rows())).toEqual([]);
  } finally {
    await world.close();
    world.remove();
    disk.remove();
  }
}

function backup(folder: string): Request {
  return { name: 'library.backup', params: { path: join(folder, 'copy.kith') } };
}

function said(before: Rows, after: Rows) {
  return changesBetween(before, after).filter(({ key }) => isUndoable(key));
}
