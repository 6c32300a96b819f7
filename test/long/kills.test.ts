import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { random } from '../fixtures/random.ts';
import { killAt, VICTIMS } from './kill.ts';
import { lossesIn } from './losses.ts';

// A script scans, names, merges, takes back, groups anew, learns, imports a model, exports, backs up and restores, and is
// killed (SIGKILL) in the midst of it. Vision is replaced: it is about what is on the disk afterwards. `KITH_KILLS`: how
// often; `KITH_SEED`: at which moments.

const KILLS = Number(process.env.KITH_KILLS ?? 5);
const SEED = Number(process.env.KITH_SEED ?? 1);

/** Kills of one library, before another is begun. */
const LIVES = 10;

/** The script has said a few hundred things by then, in milliseconds. */
const LONGEST = 2500;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kith-kills-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test(`${KILLS} kills at random moments lose nothing that was told as saved, and leave no half file.`, async () => {
  const chance = random(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    const place = join(root, String(Math.floor(kill / LIVES)));
    const victim = VICTIMS[kill % VICTIMS.length]!;
    const after = chance() * LONGEST;
    await killAt(place, { seed: SEED * 1000 + kill, after, victim });
    expect({ kill, victim, after, losses: await lossesIn(place) }).toEqual({
      kill,
      victim,
      after,
      losses: [],
    });
  }
}, 3_600_000);
