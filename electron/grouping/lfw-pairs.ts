import { KithError } from '../contract/errors.ts';

/** One picture of LFW: `person/person_0001.jpg`. */
export interface LfwPicture {
  person: string;
  /** Number of the person's picture, from 1. */
  number: number;
}

export interface LfwPair {
  a: LfwPicture;
  b: LfwPicture;
  /** Whether both pictures show one person. */
  genuine: boolean;
  /** Fold of the protocol, from 0. */
  fold: number;
}

export interface LfwPairs {
  folds: number;
  pairs: LfwPair[];
}

/** Path below the dataset's root, with forward slashes, such as `Abel_Pacheco/Abel_Pacheco_0001.jpg`. */
export function lfwPath({ person, number }: LfwPicture): string {
  return `${person}/${person}_${String(number).padStart(4, '0')}.jpg`;
}

/**
 * Reads a pairs file of Labeled Faces in the Wild (its README, "pairs.txt format"): the header `folds⇥pairsPerKind`,
 * then for each fold that many genuine lines `person⇥number⇥number`, then as many impostor lines
 * `person⇥number⇥person⇥number`. A header of one number (View 1's files) means one fold.
 *
 * @throws KithError `pairs-malformed`, naming the line, what it should be and what it is
 */
export function parseLfwPairs(text: string): LfwPairs {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 1 && lines.at(-1)!.trim() === '') lines.pop();
  const head = columns(lines[0]!);
  if (head.length > 2 || !head.every((value) => isCount(value))) {
    throw malformed(1, 'a header "folds⇥pairs of each kind per fold"', lines[0]!);
  }
  const perKind = Number(head.at(-1));
  const folds = head.length === 2 ? Number(head[0]) : 1;
  const expected = 1 + folds * perKind * 2;
  if (lines.length !== expected) {
    throw new KithError(
      'pairs-malformed',
      `Expected ${expected} lines for ${folds} × 2 × ${perKind} pairs but received ${lines.length} lines`,
    );
  }
  const pairs = lines.slice(1).map((line, i): LfwPair => {
    const fold = Math.floor(i / (2 * perKind));
    const genuine = i % (2 * perKind) < perKind;
    return genuine ? genuinePair(line, i + 2, fold) : impostorPair(line, i + 2, fold);
  });
  return { folds, pairs };
}

function genuinePair(line: string, at: number, fold: number): LfwPair {
  const [person, first, second, ...rest] = columns(line);
  if (rest.length || !person || !isCount(first) || !isCount(second)) {
    throw malformed(at, 'a genuine pair "person⇥number⇥number"', line);
  }
  return { a: picture(person, first, at), b: picture(person, second, at), genuine: true, fold };
}

function impostorPair(line: string, at: number, fold: number): LfwPair {
  const [one, first, other, second, ...rest] = columns(line);
  if (rest.length || !one || !other || !isCount(first) || !isCount(second)) {
    throw malformed(at, 'an impostor pair "person⇥number⇥person⇥number"', line);
  }
  if (one === other) throw malformed(at, 'two different people', line);
  return { a: picture(one, first, at), b: picture(other, second, at), genuine: false, fold };
}

/** Checks a person's name, since it becomes part of a path that must not leave the dataset's folder. */
function picture(person: string, number: string, at: number): LfwPicture {
  if (/[/\\\0]/.test(person) || person === '.' || person === '..')
    throw malformed(at, 'a plain name', person);
  return { person, number: Number(number) };
}

function columns(line: string): string[] {
  return line.includes('\t') ? line.split('\t').map((value) => value.trim()) : line.trim().split(/\s+/);
}

function isCount(value: string | undefined): value is string {
  return value !== undefined && /^[1-9]\d{0,7}$/.test(value);
}

function malformed(line: number, wanted: string, received: string): KithError {
  const shown = received.length > 80 ? `${received.slice(0, 80)}…` : received;
  return new KithError('pairs-malformed', `Line ${line}: expected ${wanted} but received "${shown}"`);
}
