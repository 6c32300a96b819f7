import { MOST_PHOTOS } from '../../electron/contract/figures.ts';
import type { PhotoId } from '../../electron/contract/ids.ts';
import type { Atom, Clause, Query, Vocabulary } from '../../electron/contract/search.ts';
import { JOINERS, OWN_RELATIVES, PHRASES, RELATIVES_LABEL, RELATIVES_OF, relativeOf } from './grammar.ts';

/** A part of a search, and how many characters of the text it takes. */
interface Read {
  atom: Atom;
  length: number;
}

/** What has a word before it that says what it is: `in:"Italy"`, `camera: X-T5`. */
const LABELLED: readonly [RegExp, 'person' | 'folder' | 'camera' | 'text'][] = [
  [/^(?:person|people):\s*/iu, 'person'],
  [/^(?:in|folder|ordner):\s*/iu, 'folder'],
  [/^(?:camera|kamera):\s*/iu, 'camera'],
  [/^(?:file|datei):\s*/iu, 'text'],
];

/** `in Italy`, where there is such a folder. */
const IN = /^(?:in|im)\s+(?:the\s+|dem\s+)?(?:folder\s+|ordner\s+)?/iu;

/** What follows is no name. */
const FORCED = /^is:\s*/iu;

const QUOTED = /^"((?:[^"\\]|\\.)*)"?/u;
const WORD = /^[^\s,;"]+/u;
/** A person by number: how an address holds those without a usable name. */
const GONE = /^#(\d{1,15})/u;
/** Selected photos by their ids: how an address holds a selection. */
const CHOSEN = /^photos:(\d{1,15}(?:\.\d{1,15})*)(?=[\s,]|$)/iu;
const SPACE = /^\s+/u;

export const foldName = (name: string): string => name.normalize('NFC').toLocaleLowerCase('und');

/** The path of a folder within its own, as an address says it: the folder's name and the subfolder. */
export function pathOf(entry: Vocabulary['folders'][number], all: Vocabulary['folders']): string {
  const root = all.find(({ folder, under }) => folder === entry.folder && under === '');
  const name = root?.name ?? '';
  const twins = all.filter((other) => other.under === '' && foldName(other.name) === foldName(name));
  const start = twins.length > 1 || name === '' ? `#${entry.folder}` : name;
  return entry.under === '' ? start : `${start}/${entry.under}`;
}

/**
 * Reads a search as a person types it, in English or German, and as an address holds it (`write.ts`). Whatever it does not
 * know stays a text, which is looked for in the names of files and folders.
 *
 *     parse('Anna and Ben, without Carl, summer 2019', vocabulary)
 */
export function parse(text: string, vocabulary: Vocabulary): Query {
  const clauses: Clause[] = [];
  let rest = text.trim();
  /** How the next part joins what is before it. */
  let joins: 'and' | 'or' = 'and';
  let isNot = false;
  /** An "and" after "without Carl" goes on with whom the photo is without; a comma does not. */
  let goesOn = false;
  while (rest !== '') {
    const read = atomAt(rest, vocabulary);
    const joiner = (Object.keys(JOINERS) as (keyof typeof JOINERS)[]).find((name) =>
      JOINERS[name].test(rest),
    );
    const [found = ''] = joiner === undefined ? [] : (JOINERS[joiner].exec(rest) ?? []);
    // "without a name" is no "without"; a person who is called Or has quotes.
    const isJoiner = read === null || read.atom.kind === 'text' || read.length <= found.trim().length;
    if (joiner !== undefined && isJoiner) {
      if (joiner === 'not') [isNot, goesOn] = [true, false];
      else {
        if (joiner === 'or' || joins === 'and') joins = joiner;
        goesOn = joiner === 'and' && /^(?:and|und)/iu.test(found);
      }
      rest = rest.slice(found.length).replace(SPACE, '');
      continue;
    }
    if (read === null) {
      rest = rest.slice([...rest][0]!.length).replace(SPACE, '');
      continue;
    }
    const last = clauses.at(-1);
    const isPartOfLast = last !== undefined && (joins === 'or' || (goesOn && last.not && !isNot));
    if (isPartOfLast && (!isNot || last.not)) last.any.push(read.atom);
    else clauses.push({ not: isNot, any: [read.atom] });
    [joins, isNot, goesOn] = ['and', false, false];
    rest = rest.slice(read.length).replace(SPACE, '');
  }
  return clauses;
}

/** The longest part at the beginning; of equally long ones a name. */
function atomAt(rest: string, vocabulary: Vocabulary): Read | null {
  const quoted = QUOTED.exec(rest);
  if (quoted) return textOf(unquoted(quoted[1]!), quoted[0].length);
  const chosen = chosenAt(rest);
  if (chosen) return chosen;
  const labelled = labelledAt(rest, vocabulary) ?? relativesLabelledAt(rest, vocabulary);
  if (labelled) return labelled;
  const forced = FORCED.exec(rest)?.[0];
  if (forced !== undefined) {
    const said = longest(PHRASES.map((one) => phraseAt(rest.slice(forced.length), one)));
    if (said) return { ...said, length: said.length + forced.length };
  }
  const found = longest([
    personAt(rest, vocabulary),
    relativesAt(rest, vocabulary),
    ...PHRASES.map((one) => phraseAt(rest, one)),
    folderAt(rest, vocabulary),
  ]);
  if (found) return found;
  const word = WORD.exec(rest)?.[0];
  return word === undefined ? null : textOf(word, word.length);
}

/** Of equally long ones the first. */
function longest(reads: readonly (Read | null)[]): Read | null {
  let best: Read | null = null;
  for (const read of reads) if (read && (best === null || read.length > best.length)) best = read;
  return best;
}

function chosenAt(rest: string): Read | null {
  const [whole, numbers] = CHOSEN.exec(rest) ?? [];
  if (whole === undefined || numbers === undefined) return null;
  const photos = [...new Set(numbers.split('.').map(Number))].filter((id) => id > 0).slice(0, MOST_PHOTOS);
  return photos.length === 0
    ? null
    : { atom: { kind: 'photos', photos: photos as PhotoId[] }, length: whole.length };
}

function textOf(text: string, length: number): Read | null {
  const tidy = text.trim().replaceAll('\0', '').slice(0, 200).trim();
  return tidy === '' ? null : { atom: { kind: 'text', text: tidy }, length };
}

function phraseAt(rest: string, [expression, mean]: (typeof PHRASES)[number]): Read | null {
  const match = expression.exec(rest);
  const atom = match && mean(...match.slice(1));
  return atom ? { atom, length: match[0].length } : null;
}

/** The longest name with which the rest begins, and which ends where a word does. */
function nameAt<T>(rest: string, entries: readonly T[], nameOf: (entry: T) => string) {
  let best: { entry: T; length: number } | null = null;
  for (const entry of entries) {
    const { length } = nameOf(entry);
    if (length === 0 || (best !== null && length <= best.length)) continue;
    if (foldName(rest.slice(0, length)) !== foldName(nameOf(entry))) continue;
    if (!/^[\p{L}\p{N}]/u.test(rest.slice(length))) best = { entry, length };
  }
  return best;
}

function personAt(rest: string, { people }: Vocabulary): Read | null {
  const found = nameAt(rest, people, ({ name }) => name);
  return found && { atom: { kind: 'person', person: found.entry.id }, length: found.length };
}

/** `children of Anna`, `Anna's children`. */
function relativesAt(rest: string, vocabulary: Vocabulary): Read | null {
  const [before, word] = RELATIVES_OF.exec(rest) ?? [];
  if (before !== undefined && word !== undefined) {
    const found = nameAt(rest.slice(before.length), vocabulary.people, ({ name }) => name);
    const length = before.length + (found?.length ?? 0);
    return found && { atom: { kind: 'related', is: relativeOf(word), person: found.entry.id }, length };
  }
  let best: Read | null = null;
  for (const { id, name } of vocabulary.people) {
    if (foldName(rest.slice(0, name.length)) !== foldName(name)) continue;
    const [own, whose] = OWN_RELATIVES.exec(rest.slice(name.length)) ?? [];
    if (own === undefined || whose === undefined) continue;
    const length = name.length + own.length;
    if (best === null || length > best.length)
      best = { atom: { kind: 'related', is: relativeOf(whose), person: id }, length };
  }
  return best;
}

/** `children:"Anna"`, and `children:"#12"` of somebody who is gone. */
function relativesLabelledAt(rest: string, vocabulary: Vocabulary): Read | null {
  const [before, word] = RELATIVES_LABEL.exec(rest) ?? [];
  const plain = before === undefined ? null : QUOTED.exec(rest.slice(before.length));
  if (before === undefined || word === undefined || !plain) return null;
  const person = named('person', unquoted(plain[1]!), vocabulary);
  const length = before.length + plain[0].length;
  return person?.kind === 'person'
    ? { atom: { kind: 'related', is: relativeOf(word), person: person.person }, length }
    : null;
}

function folderAt(rest: string, vocabulary: Vocabulary): Read | null {
  const [before] = IN.exec(rest) ?? [];
  if (before === undefined) return null;
  const found = nameAt(rest.slice(before.length), vocabulary.folders, ({ name }) => name);
  if (!found) return null;
  const { folder, under } = found.entry;
  return { atom: { kind: 'folder', folder, under }, length: before.length + found.length };
}

function labelledAt(rest: string, vocabulary: Vocabulary): Read | null {
  for (const [label, kind] of LABELLED) {
    const before = label.exec(rest)?.[0];
    if (before === undefined) continue;
    const after = rest.slice(before.length);
    const quoted = QUOTED.exec(after);
    const plain = quoted ?? WORD.exec(after);
    if (!plain) continue;
    const name = quoted ? unquoted(quoted[1]!) : plain[0];
    const length = before.length + plain[0].length;
    const atom = named(kind, name, vocabulary);
    return atom ? { atom, length } : textOf(name, length);
  }
  return null;
}

function named(
  kind: (typeof LABELLED)[number][1],
  name: string,
  { people, folders, cameras }: Vocabulary,
): Atom | null {
  const key = foldName(name);
  if (kind === 'text') return textOf(name, 0)?.atom ?? null;
  if (kind === 'person') {
    const gone = GONE.exec(name);
    const person =
      people.find((one) => foldName(one.name) === key)?.id ?? (gone ? Number(gone[1]) : undefined);
    return person === undefined || person === 0 ? null : { kind, person: person as never };
  }
  if (kind === 'camera') {
    const known = cameras.find(({ camera }) => foldName(camera) === key)?.camera ?? name.trim();
    return known === '' ? null : { kind, camera: known };
  }
  const entry =
    folders.find((one) => pathOf(one, folders) === name) ??
    folders.find((one) => foldName(pathOf(one, folders)) === key) ??
    folders.find((one) => foldName(one.name) === key);
  return entry ? { kind, folder: entry.folder, under: entry.under } : goneFolder(name);
}

/** `#3/Italy`: a folder that holds no photos any more. */
function goneFolder(name: string): Atom | null {
  const [, id, , under = ''] = /^#(\d{1,15})(\/(.*))?$/u.exec(name) ?? [];
  return id === undefined || Number(id) === 0 ? null : { kind: 'folder', folder: Number(id) as never, under };
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/gu, '$1');
}
