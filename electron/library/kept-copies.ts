import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { CopyReason, KeptCopy } from '../contract/copies.ts';
import { freeName, namesIn, sizeOf } from './copy-files.ts';
import { glanceAt } from './inspect.ts';

/** The words in a copy's name that say why it was made. */
const WORDS: Record<CopyReason, string> = {
  weekly: 'weekly',
  migration: 'before update',
  restore: 'before restore',
  regroup: 'before regroup',
  repair: 'before repair',
  replaced: 'before it was replaced',
  hand: 'copy',
};

/** `library before restore 2026-11-28 18-20-05.kith`; a number follows the time where the name was taken. */
const NAME = new RegExp(
  ` (${Object.values(WORDS).join('|')}) (\\d{4})-(\\d\\d)-(\\d\\d) (\\d\\d)-(\\d\\d)-(\\d\\d)(?: \\d+)?\\.[^.]+$`,
);

/** The folder of the copies that Kith keeps, beside the library. */
export function copiesFolder(library: string): string {
  return `${library}.copies`;
}

/**
 * A free path for a copy that Kith keeps, in a folder that only its owner may look into.
 *
 * @throws the system's error where the folder can't be made
 */
export function placeForCopy(library: string, why: CopyReason, at = new Date()): string {
  const folder = copiesFolder(library);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-');
  const end = extname(library) || '.kith';
  return freeName(join(folder, `${basename(library, end)} ${WORDS[why]} ${day} ${time}${end}`));
}

/** The copies that are kept beside a library, the newest first, including those that former versions of Kith made. */
export function keptCopies(library: string): Omit<KeptCopy, 'summary'>[] {
  const folder = copiesFolder(library);
  const copies = namesIn(folder).flatMap((name) => {
    const named = whenAndWhy(name);
    const path = join(folder, name);
    return named ? [{ path, ...named, bytes: sizeOf(path) }] : [];
  });
  return [...copies, ...formerCopies(library)].sort(
    (a, b) => b.when.localeCompare(a.when) || b.path.localeCompare(a.path),
  );
}

/** The same with a summary of what each holds. Opens all of them. */
export function summarisedCopies(library: string): KeptCopy[] {
  return keptCopies(library).map((copy) => {
    try {
      return { ...copy, summary: glanceAt(copy.path) };
    } catch {
      // The page says that it can't be read.
      return { ...copy, summary: null };
    }
  });
}

/** What the name of a copy says; null for the names of other files. */
function whenAndWhy(name: string): { when: string; why: CopyReason } | null {
  const [, words, ...numbers] = NAME.exec(name) ?? [];
  const why = (Object.keys(WORDS) as CopyReason[]).find((reason) => WORDS[reason] === words);
  if (why === undefined) return null;
  const [year, month, day, hour, minute, second] = numbers.map(Number) as [
    ...[number, number, number],
    ...[number, number, number],
  ];
  const when = new Date(year, month - 1, day, hour, minute, second);
  return Number.isNaN(when.getTime()) ? null : { when: when.toISOString(), why };
}

/** What Kith 0.1 left beside a library: `.before-restore`, and `.before-v5` and the like. */
export function formerLeftovers(library: string): string[] {
  const begin = `${basename(library)}.before-`;
  return namesIn(dirname(library))
    .filter((name) => name.startsWith(begin) && /^(restore|v\d+)(\.part)?$/.test(name.slice(begin.length)))
    .map((name) => join(dirname(library), name));
}

function formerCopies(library: string): Omit<KeptCopy, 'summary'>[] {
  return formerLeftovers(library)
    .filter((path) => !path.endsWith('.part'))
    .map((path) => ({
      path,
      when: statSync(path).mtime.toISOString(),
      why: path.endsWith('restore') ? 'restore' : 'migration',
      bytes: sizeOf(path),
    }));
}
