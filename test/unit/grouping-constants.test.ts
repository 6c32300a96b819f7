import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const file = fileURLToPath(new URL('../../electron/grouping/constants.ts', import.meta.url));
const text = readFileSync(file, 'utf8');

/** Each constant with the comment before it; constants that follow each other share one. */
const constants = [
  ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n((?:export const [^\n]*;\n)+)/g),
].flatMap(([, comment, lines]) =>
  [...lines!.matchAll(/^export const (\w+)/gm)].map(([, name]) => ({
    name: name!,
    comment: comment!.replace(/\s+\*?\s*/g, ' '),
  })),
);

describe('the table of constants', () => {
  it('has a comment for each', () => {
    const all = [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
    expect(constants.map(({ name }) => name)).toEqual(all);
    expect(all.length).toBeGreaterThan(30);
  });

  it.each(constants)('says the unit and the source of $name', ({ comment }) => {
    expect(comment).toMatch(/Unit: \S/);
    expect(comment).toMatch(/Source: \S/);
  });
});
