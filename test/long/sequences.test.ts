import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerProcess, thisProcess } from './houses.ts';
import { play } from './play.ts';
import { sequences } from './steps.ts';

// Two pages and a command line say random things to the real service on a real file. Vision is replaced: these tests are
// about the record. `KITH_SEED` begins with another sequence, `KITH_SEQUENCES` plays more of them, `KITH_STEPS` longer ones;
// `KITH_SHRINK=1` looks for a shorter sequence that fails as well.

const FIRST = Number(process.env.KITH_SEED ?? 1);
const COUNT = Number(process.env.KITH_SEQUENCES ?? 50);
const STEPS = Number(process.env.KITH_STEPS ?? 30);

/** One sequence in so many runs through an owner in a process of its own, which takes some seconds to kill and start. */
const BY_OWNER = 25;

/** Failures that are told in full; there may be hundreds of one kind. */
const TOLD = 5;

let data: string;
beforeAll(() => {
  // Not the choice of models of whoever runs this.
  data = mkdtempSync(join(tmpdir(), 'kith-data-'));
  process.env.XDG_DATA_HOME = data;
});
afterAll(() => rmSync(data, { recursive: true }));

test(`${COUNT} random sequences of ${STEPS} steps lose nothing and mix nothing up.`, async () => {
  const failures: string[] = [];
  const begin = performance.now();
  let refused = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const house = seed % BY_OWNER === 0 ? ownerProcess : thisProcess;
    const property = fc.asyncProperty(sequences(STEPS), async (steps) => {
      refused += (await play(steps, seed, house)).refused;
    });
    const shrink = process.env.KITH_SHRINK !== undefined;
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, endOnFailure: !shrink });
    if (failed) failures.push(`KITH_SEED=${seed} KITH_STEPS=${STEPS}: ${(errorInstance as Error).message}`);
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(
    `${COUNT} sequences of ${STEPS} steps from seed ${FIRST}: ${failures.length} failed, ${refused} requests refused, ${seconds} s`,
  );
  const more = failures.slice(TOLD).map((failure) => failure.split('\n')[0]);
  expect([...failures.slice(0, TOLD), ...more]).toEqual([]);
}, 7_200_000);
