import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playwrightTests, vitestTests } from '../../build/reports.ts';
import { KEPT_RUNS, linesOf, readTries, type Tries, withRun, writeTries } from '../../build/tries.ts';

const [steady, racy] = ['test/unit/a.test.ts › is steady', 'test/browser/b.test.ts › is quick'];
const run = (tries: number) => [
  { name: steady, tries: 1 },
  { name: racy, tries },
];

describe('A run of the tests', () => {
  it('says which needed a second try, and in how many of their last runs they did', () => {
    let tries: Tries = {};
    for (const count of [1, 2, 1, 2]) tries = withRun(tries, run(count), true);
    expect(linesOf(run(2), tries)).toEqual([
      'Needed a second try, which hides a race: mend its cause.',
      `  ${racy} (in 2 of the last 4 runs)`,
    ]);
    expect(linesOf(run(1), tries)).toEqual([]);
    const lost = [1, 2].map((at) => ({ name: `test/unit/a.test.ts › ${at}`, tries: 2 }));
    expect(linesOf(lost, withRun(tries, lost, false))[1]).toContain(
      '2 tests of test/unit/a.test.ts (in 1 of',
    );
  });

  it('forgets what is long ago, and tests that are gone; a run of a few files leaves the others as they were', () => {
    let tries: Tries = {};
    for (let i = 0; i < KEPT_RUNS; i++) tries = withRun(tries, run(2), true);
    for (let i = 0; i < KEPT_RUNS - 1; i++) tries = withRun(tries, [{ name: racy, tries: 1 }], false);
    expect(tries[racy]).toEqual([2, ...new Array(KEPT_RUNS - 1).fill(1)]);
    expect(tries[steady]).toEqual(new Array(KEPT_RUNS).fill(1));
    expect(Object.keys(withRun(tries, [{ name: racy, tries: 1 }], true))).toEqual([racy]);
  });

  it('keeps the counts in a file, and begins anew where that is not there or damaged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-tries-'));
    const file = join(folder, 'out', 'tries.json');
    expect(readTries(file)).toEqual({});
    writeTries(file, { [racy]: [1, 2] });
    expect(readTries(file)).toEqual({ [racy]: [1, 2] });
    writeFileSync(file, '{"half');
    expect(readTries(file)).toEqual({});
    rmSync(folder, { recursive: true });
  });
});

describe('What Playwright and Vitest report', () => {
  it('gives each test its file, its titles and how often it was tried', () => {
    const spec = (title: string, tries: number, status = 'expected') => ({
      title,
      file: 'b.test.ts',
      tests: [{ status, results: new Array(tries).fill({}) }],
    });
    const suites = [
      {
        title: 'b.test.ts',
        specs: [spec('is quick', 2, 'flaky'), spec('is skipped', 0), spec('is wrong', 2, 'unexpected')],
        suites: [{ title: 'in German', specs: [spec('is quick too', 1)] }],
      },
    ];
    const stats = { expected: 1, unexpected: 1, flaky: 1, skipped: 0 };
    expect(playwrightTests({ stats, errors: [], suites }, 'test/browser/')).toEqual([
      { name: racy, tries: 2 },
      { name: 'test/browser/b.test.ts › is wrong', tries: 1 },
      { name: 'test/browser/b.test.ts › in German › is quick too', tries: 1 },
    ]);
  });

  it('counts the tests of files that ran to their end only, and none that was skipped', () => {
    const file = (name: string, ...tests: [string, string][]) => ({
      name: `/kith/test/unit/${name}`,
      status: 'passed',
      assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
    });
    const testResults = [
      file('a.test.ts', ['is steady', 'passed'], ['waits for a model', 'skipped']),
      file('lost.test.ts', ['is lost', 'pending']),
    ];
    const ended = new Set(['test/unit/a.test.ts']);
    expect(vitestTests({ testResults }, ended, '/kith', 1)).toEqual([{ name: steady, tries: 1 }]);
  });
});
