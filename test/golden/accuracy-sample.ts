import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LfwPair, lfwPath, parseLfwPairs } from '../../electron/grouping/lfw-pairs.ts';

// A sample of the shared faces, the same each time, laid out as the evaluation expects them.

/** Pairs of either kind of each fold of LFW's development half: 600 in all. */
const PAIRS = 60;

/** Every so many of a list, from its first, so that names from A to Z are among them. */
function evenly<T>(all: readonly T[], count: number): T[] {
  return Array.from(
    { length: Math.min(count, all.length) },
    (_, at) => all[Math.floor((at * all.length) / count)]!,
  );
}

/** LFW's development half, cut down to 600 pairs. @param from folder that `KITH_SHARED` names */
export function linkPairs(from: string, to: string): void {
  const { folds, pairs } = parseLfwPairs(readFileSync(join(from, 'faces/lfw-dev-pairs.txt'), 'utf8'));
  const ofFold = (fold: number, kind: boolean) =>
    evenly(
      pairs.filter((pair) => pair.fold === fold && pair.genuine === kind),
      PAIRS,
    );
  const lines = [`${folds}\t${PAIRS}`];
  const paths = new Set<string>();
  for (let fold = 0; fold < folds; fold++)
    for (const pair of [...ofFold(fold, true), ...ofFold(fold, false)]) {
      lines.push(lineOf(pair));
      paths.add(lfwPath(pair.a)).add(lfwPath(pair.b));
    }
  for (const path of paths) link(join(from, 'faces/lfw-dev', path), join(to, 'faces/lfw-dev', path));
  writeFileSync(join(to, 'faces/lfw-dev-pairs.txt'), `${lines.join('\n')}\n`);
}

function lineOf({ a, b, genuine }: LfwPair): string {
  return (genuine ? [a.person, a.number, b.number] : [a.person, a.number, b.person, b.number]).join('\t');
}

/** People of whom there are several photos as a child, and as many of whom there is one; not each is found on them. */
const CHILDREN = 112;

/** Photos of people as children, three each at most. @param from folder that `KITH_SHARED` names */
export function linkChildren(from: string, to: string): void {
  const all = join(from, 'faces/lag-dev');
  const children = readdirSync(all)
    .toSorted()
    .map((person) => ({
      person,
      photos: readdirSync(join(all, person))
        .filter((name) => name.startsWith('young_'))
        .toSorted(),
    }));
  const known = evenly(
    children.filter(({ photos }) => photos.length > 1),
    CHILDREN,
  ).map(({ person, photos }) => ({ person, photos: photos.slice(0, 3) }));
  const strangers = evenly(
    children.filter(({ photos }) => photos.length === 1),
    CHILDREN,
  );
  const paths = [...known, ...strangers].flatMap(({ person, photos }) =>
    photos.map((name) => join(person, name)),
  );
  for (const path of paths) link(join(all, path), join(to, 'faces/lfw-dev', path));
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}
