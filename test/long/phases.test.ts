import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { random } from '../fixtures/random.ts';
import { ownerProcess, thisProcess } from './houses.ts';
import { PHASES, type Phase, PhasedScan } from './phased-scan.ts';
import { type Change, changesBetween, type Rows, tableOf } from './record.ts';

// A scan in which groups form, and during which people are named, is killed, paused and cancelled in each of its phases.
// Vision is replaced, by faces of which it is known who is who, so that the end is known too. `KITH_KILLS`: how many kills;
// `KITH_SEED`: at which moments.

const KILLS = Number(process.env.KITH_KILLS ?? PHASES.length);
const SEED = Number(process.env.KITH_SEED ?? 1);

/** About how long a phase lasts, in milliseconds; kills come within that time. */
const LENGTHS: Record<Phase, number> = { looking: 100, forming: 400, grouping: 200, matching: 200 };

/** How long nothing may happen in a pause, in milliseconds: longer than a phase lasts. */
const STILL = 500;

/** Tables that grouping and matching write. */
const WRITTEN = ['faces', 'groups', 'labels', 'suggestions', 'people'];

/** What was grouped or named meanwhile. Photos that were in hand may bring faces, which are in no group. */
function madeBetween(before: Rows, after: Rows): string[] {
  const isNewFace = ({ key, before, after }: Change) =>
    tableOf(key) === 'faces' && before === null && after?.group_id === null;
  return changesBetween(before, after)
    .filter((change) => WRITTEN.includes(tableOf(change.key)) && !isNewFace(change))
    .map((change) => JSON.stringify(change));
}

describe.concurrent('A scan in which groups form and people are named', () => {
  test(`is killed ${KILLS} times, in each phase: no name is lost, and it ends as one that nobody disturbed.`, async () => {
    const chance = random(SEED);
    for (let kill = 0; kill < KILLS; kill += PHASES.length) {
      const house = (kill / PHASES.length) % 2 === 0 ? ownerProcess : thisProcess;
      const scan = new PhasedScan(house);
      await scan.open();
      for (const phase of PHASES) {
        await scan.reach('looking');
        await scan.name();
        await scan.reach(phase);
        if (chance() < 0.5) scan.nameMeanwhile();
        const after = chance() * LENGTHS[phase];
        await wait(after);
        expect({ kill, phase, after, losses: await scan.kill() }).toEqual({ kill, phase, after, losses: [] });
      }
      await scan.end();
      expect({ kill, faults: scan.faultsAtEnd() }).toEqual({ kill, faults: [] });
      await scan.close();
    }
  }, 3_600_000);

  test('is paused, goes on or is cancelled in each phase: nothing is grouped or named in a pause but by the user.', async () => {
    for (const isCancelled of [false, true]) {
      const scan = new PhasedScan(thisProcess);
      await scan.open();
      for (const phase of PHASES) {
        await scan.reach(phase);
        await scan.app.call('scan.pause', {});
        const paused = scan.rows();
        await wait(STILL);
        const made = madeBetween(paused, scan.rows());
        expect({ phase, isCancelled, made }).toEqual({ phase, isCancelled, made: [] });
        expect(scan.state).toMatchObject({ phase: 'paused' });
        await scan.name();
        if (phase === 'matching') await scan.sayAndTakeBack();
        await scan.app.call(isCancelled ? 'scan.cancel' : 'scan.resume', {});
        expect(scan.losses()).toEqual([]);
        if (isCancelled) expect(scan.state).toMatchObject({ phase: 'cancelled' });
      }
      await scan.end();
      expect({ isCancelled, faults: scan.faultsAtEnd() }).toEqual({ isCancelled, faults: [] });
      await scan.close();
    }
  });
});
