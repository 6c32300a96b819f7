import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KithError } from '../../electron/contract/errors.ts';
import { lfwPath, parseLfwPairs } from '../../electron/grouping/lfw-pairs.ts';

const good = ['2\t1', 'Ann\t1\t4', 'Ann\t1\tBob\t2', 'Cid\t2\t3', 'Bob\t1\tCid\t10'];

function refusal(lines: string[]): string {
  try {
    parseLfwPairs(lines.join('\n'));
  } catch (error) {
    if (error instanceof KithError && error.code === 'pairs-malformed') return error.detail;
    throw error;
  }
  throw new Error('Expected a refusal');
}

describe('LFW’s pairs file', () => {
  it('is read fold by fold, genuine pairs first', () => {
    const { folds, pairs } = parseLfwPairs(`${good.join('\n')}\n`);
    expect(folds).toBe(2);
    expect(pairs.map(({ fold, genuine }) => [fold, genuine])).toEqual([
      [0, true],
      [0, false],
      [1, true],
      [1, false],
    ]);
    expect(lfwPath(pairs[3]!.b)).toBe('Cid/Cid_0010.jpg');
  });

  it('may end its lines as Windows does and separate by spaces', () => {
    expect(parseLfwPairs(good.join('\r\n').replaceAll('\t', ' ')).pairs).toHaveLength(4);
  });

  it('may have the header of View 1, one number, for one fold', () => {
    expect(parseLfwPairs('1\nAnn\t1\t4\nAnn\t1\tBob\t2').folds).toBe(1);
  });

  it('is refused with the line that is wrong', () => {
    expect(refusal([])).toContain('Line 1');
    expect(refusal(['folds', ...good.slice(1)])).toContain('Line 1');
    expect(refusal(good.with(1, 'Ann\t1\tBob\t4'))).toContain('Line 2');
    expect(refusal(good.with(2, 'Ann\t1\t4'))).toContain('Line 3');
    expect(refusal(good.with(3, 'Cid\t2\tx'))).toContain('Line 4');
    expect(refusal(good.with(4, 'Cid\t1\tCid\t10'))).toContain('Line 5');
  });

  it('is refused when it has fewer or more lines than its header says', () => {
    expect(refusal(good.slice(0, 4))).toContain('Expected 5 lines');
    expect(refusal([...good, 'Ann\t1\t4'])).toContain('received 6');
  });

  it('is refused when a name would climb out of the folder', () => {
    expect(refusal(good.with(1, '../../etc\t1\t4'))).toContain('Line 2');
    expect(refusal(good.with(1, '..\t1\t4'))).toContain('Line 2');
  });
});

describe.skipIf(!process.env.KITH_SHARED)('the pairs of folds 1 to 5 (KITH_SHARED)', () => {
  it('are 3,000, half of them genuine', () => {
    const file = join(process.env.KITH_SHARED!, 'faces', 'lfw-dev-pairs.txt');
    const { folds, pairs } = parseLfwPairs(readFileSync(file, 'utf8'));
    expect(folds).toBe(5);
    expect(pairs).toHaveLength(3000);
    expect(pairs.filter((pair) => pair.genuine)).toHaveLength(1500);
  });
});
