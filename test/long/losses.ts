import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../../electron/service/app/create.ts';
import { openStore } from '../../models/store.ts';
import { faults } from '../service/support/place.ts';
import { byHand, type Line, readLog, type Said } from './kill-log.ts';
import { madeProcess } from './made-process.ts';
import { changed, RecordReader, type Rows } from './record.ts';

/** What is not as it must be once somebody was killed; nothing, where all is well. Opens the record, as the next start does. */
export async function lossesIn(root: string): Promise<string[]> {
  const file = join(root, 'library.kith');
  const app = await createApp({
    ...{ libraryFile: file, detector: 'ssd', encoder: 'dlib' },
    ...{ poolSize: 1, spawn: madeProcess },
  });
  await app.close();
  const damage = faults(file).map((fault) => JSON.stringify(fault));
  const lines = readLog(join(root, 'log'));
  const defects = lines.flatMap((line) => (line.kind === 'defect' ? [line.detail] : []));
  return [
    ...damage,
    ...defects,
    ...lostWords(lines, file),
    ...halfCopies(root),
    ...halfExports(root),
    ...(await halfModels(root)),
  ];
}

/** What somebody was told is there; what was on the way is there as a whole, or not at all. */
function lostWords(lines: readonly Line[], file: string): string[] {
  const at = lines.findLastIndex(({ kind }) => kind === 'told');
  const told = lines[at] as Line & { kind: 'told' };
  const asked = lines.slice(at + 1).find(({ kind }) => kind === 'asks');
  const reader = new RecordReader(file);
  const [found, noted] = [byHand(reader.rows()), reader.journalSince(told.position)];
  reader.close();
  // As a command line may have done something as well, any number of whole entries is right.
  let expected: Rows = new Map(Object.entries(told.rows));
  for (const changes of noted.values()) expected = changed(expected, changes);
  if (difference(byHand(expected), found) === '') return [];
  if (asked?.kind === 'asks' && asked.request.name === 'library.restore') {
    const copy = contentOf(asked.request.params.path, lines);
    if (copy && difference(copy, found) === '') return [];
  }
  return [`not what was told, after ${JSON.stringify(asked)}: ${difference(byHand(expected), found)}`];
}

/** What stood in the record when the copy of this path was made. */
function contentOf(path: string, lines: readonly Line[]): Said | null {
  const at = lines.findLastIndex(
    (line) =>
      line.kind === 'asks' && line.request.name === 'library.backup' && line.request.params.path === path,
  );
  const told = lines[at + 1];
  return told?.kind === 'told' ? told.rows : null;
}

function halfCopies(root: string): string[] {
  const copies = readdirSync(join(root, 'copies')).filter((name) => name.endsWith('.kith'));
  return copies.flatMap((name) => {
    try {
      const found = faults(join(root, 'copies', name));
      new RecordReader(join(root, 'copies', name)).close();
      return found.map((fault) => `${name}: ${JSON.stringify(fault)}`);
    } catch (error) {
      return [`${name} is no whole copy: ${(error as Error).message}`];
    }
  });
}

/** What made vision gives for a face that is exported: large from its photo, or the small one of the record. */
const WHOLE_PICTURE = /^(a picture|\d+:\d+)$/;

function halfExports(root: string): string[] {
  const entries = readdirSync(join(root, 'exports'), { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return [];
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    const isWhole = entry.name.endsWith('.json')
      ? isJson(text)
      : !entry.name.endsWith('.jpg') || WHOLE_PICTURE.test(text);
    return isWhole ? [] : [`${entry.name} is no whole file`];
  });
}

async function halfModels(root: string): Promise<string[]> {
  const folder = join(root, 'data', 'kith', 'models');
  if (!existsSync(folder)) return [];
  const models = await openStore({ folders: [folder] }).status();
  return models.filter(({ state }) => state === 'damaged').map(({ id }) => `the model ${id} is damaged`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function difference(expected: Said, found: Said): string {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const text = (row: object | undefined) => JSON.stringify(row, Object.keys(row ?? {}).sort());
  return keys
    .filter((key) => text(expected[key]) !== text(found[key]))
    .map((key) => `${key} ${text(expected[key])} but ${text(found[key])}`)
    .join('; ');
}
