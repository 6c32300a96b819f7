import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';
import { fewPeople, oneAtATime, type Picture, WAYS, type Way } from './imports-cuts.ts';
import { type GroupedFace, type Models, type Outcome, type ReplayOptions, replay } from './imports-replay.ts';
import { type Seen, see } from './imports-seen.ts';
import { madeSources, type Source, sourceOf } from './imports-source.ts';
import { boundsOf, figuresOf, likeness, type Row, standingOf, tableOf } from './imports-table.ts';

/** Into how many imports a library is cut. */
const COUNTS = [2, 5, 20];

/** Groups that are named after each import, where names are given. Chosen by hand: a handful a session. */
const NAMES_PER_IMPORT = 3;

interface Evaluation {
  by: Models;
  /** Where libraries are kept. */
  out: string;
  /** Shows how far vision is, the first time. */
  withBar: <T>(
    what: string,
    work: (onProgress: (progress: ScanProgress) => void) => Promise<T>,
  ) => Promise<T>;
}

/** Words of the command line: `--root <folder>`, and pairs of models. @throws TypeError for any other option */
export function wordsOfImports(words: readonly string[]): { root: string | null; models: string[] } {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { root: { type: 'string' } },
    allowPositionals: true,
  });
  return { root: values.root ?? null, models: positionals };
}

/**
 * A library that comes in many imports, against the same photos at once: photos are looked at once, by an ordinary scan,
 * and then imported through the application part by part. Names are given between imports, and afterwards questions
 * answered, by a truthful user.
 *
 * @param evaluation.root a folder whose subfolders are people; where null, libraries drawn from LFW, LAG, the family photos
 *   and the samples
 * @returns a report in Markdown, which is also put into `out`; beside it lie its figures, with the time of each import
 */
export async function compareImports(
  pairs: readonly Pick<Models, 'detector' | 'encoder'>[],
  { root, ...work }: Omit<Evaluation, 'by'> & { root: string | null },
): Promise<string> {
  const made = root === null ? await madeSources(join(work.out, 'imports')) : null;
  const library = made?.library ?? sourceOf(root!);
  const file = join(work.out, root === null ? 'imports' : `imports-${basename(root)}`);
  const reports: string[] = [];
  const figures: unknown[] = [];
  for (const pair of pairs) {
    const evaluation = { by: { ...pair, key: await encoderKey(pair.encoder, openStore()) }, ...work };
    const cases =
      made === null
        ? []
        : [
            ...(await secondImport(await seen(made.second, evaluation), evaluation)),
            ...(await copies(await seen(made.copies, evaluation), evaluation)),
          ];
    const looked = await seen(library, evaluation);
    const rows = await rowsOf(looked, evaluation);
    const people = new Set(looked.people.values()).size;
    reports.push(
      `## ${pair.detector} + ${pair.encoder}\n`,
      `${looked.pictures.length} photos of ${people} people, ${looked.people.size} faces of theirs counted.\n`,
      `${tableOf(rows)}\n`,
      ...[...boundsOf(rows), ...cases, ''],
    );
    figures.push({ ...pair, cases, rows: rows.map(figuresOf) });
    writeFileSync(`${file}.md`, reports.join('\n'));
    writeFileSync(`${file}.json`, `${JSON.stringify(figures, null, 2)}\n`);
  }
  return reports.join('\n');
}

/** Each folder has a library of its own, for each set of models. */
function seen(source: Source, { by, out, withBar }: Evaluation): Promise<Seen> {
  const { detector, encoder } = by;
  const file = join(out, `imports-${basename(source.folder)}-${detector}-${encoder}.kith`);
  return withBar(`${detector} + ${encoder}, ${basename(source.folder)}`, (onProgress) =>
    see(source, by, file, onProgress),
  );
}

async function rowsOf(library: Seen, evaluation: Evaluation): Promise<Row[]> {
  const { pictures } = library;
  const few = fewPeople(pictures);
  const cuts: { way: string; all: Picture[]; imports: Picture[][] }[] = [
    ...(Object.keys(WAYS) as Way[]).flatMap((way) =>
      COUNTS.map((count) => ({ way, all: pictures, imports: WAYS[way](pictures, count) })),
    ),
    { way: 'one photo at a time', all: few, imports: oneAtATime(few) },
  ];
  const onces = new Map<Picture[], Outcome>();
  const rows: Row[] = [];
  for (const { way, all, imports } of cuts) {
    const once = onces.get(all) ?? (await imported([all], library, evaluation, { answer: true }));
    onces.set(all, once);
    for (const isNamed of [false, true]) {
      process.stderr.write(`${way}, ${imports.length} imports${isNamed ? ', with names' : ''}\n`);
      if (!isNamed) {
        const outcome = await imported(imports, library, evaluation, { answer: true });
        rows.push({ way, imports: imports.length, isNamed, outcome, once, plain: once });
        continue;
      }
      const naming = { eachTime: NAMES_PER_IMPORT };
      const outcome = await imported(imports, library, evaluation, { answer: true, naming });
      const same = { answer: true, naming: { inTheEnd: outcome.names } };
      const named = await imported([all], library, evaluation, same);
      rows.push({ way, imports: imports.length, isNamed, outcome, once: named, plain: once });
    }
  }
  return rows;
}

function imported(
  imports: readonly (readonly Picture[])[],
  seen: Seen,
  { by, out }: Evaluation,
  options: Pick<ReplayOptions, 'answer' | 'naming'> = { answer: false },
): Promise<Outcome> {
  return replay(imports, { seen, by, place: join(out, `imports-replayed-${process.pid}`), ...options });
}

/** LFW's people, then LAG's as a second folder: how right the groups of the second's people are. */
async function secondImport(seen: Seen, evaluation: Evaluation): Promise<string[]> {
  const { alone, once, parts, whole } = await inTwo(seen, evaluation);
  const strangers = new Set(alone.map(({ place }) => place));
  const theirs = (faces: readonly GroupedFace[]) => faces.filter(({ place }) => strangers.has(place));
  const [apart, together, second] = [alone, theirs(once), theirs(parts)].map(told);
  return [
    `- second import (${seen.pictures.length} photos; LFW's people, then LAG's as adults), the second's ${strangers.size} faces: alone ${apart}; both at once ${together}; as the second import ${second}`,
    `  - to at once: F ${likeness(theirs(parts), theirs(once)).toFixed(4)} of the second's, ${whole} of all faces: ${Number(whole) === 1 ? 'the same groups' : 'not the same groups'}`,
  ];
}

/** Near copies that are added to the few photos that they were made of. */
async function copies(seen: Seen, evaluation: Evaluation): Promise<string[]> {
  const { first, once, parts, whole } = await inTwo(seen, evaluation);
  const originals = new Set(first.map(({ place }) => place));
  return [
    `- copies (${seen.pictures.length} photos of ${new Set(seen.people.values()).size} people): the ${originals.size} originals ${told(first)}; with the copies at once ${told(once)}; as the second import ${told(parts)}; to at once: F ${whole}`,
  ];
}

/** What is strange as a second import, at once with the rest, and each alone. */
async function inTwo(seen: Seen, evaluation: Evaluation) {
  const first = seen.pictures.filter(({ strange }) => !strange);
  const second = seen.pictures.filter(({ strange }) => strange);
  const faces = async (...imports: Picture[][]) => (await imported(imports, seen, evaluation)).faces;
  const [once, parts] = [await faces(seen.pictures), await faces(first, second)];
  return {
    ...{ first: await faces(first), alone: await faces(second), once, parts },
    whole: likeness(parts, once).toFixed(4),
  };
}

function told(faces: readonly GroupedFace[]): string {
  const { f, precision, recall, alone } = standingOf(faces, 'group');
  return `F ${f.toFixed(3)} (precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, ${alone} alone)`;
}
