import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Calibration } from '../../electron/contract/calibration.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { readSettings } from '../../electron/service/app/settings.ts';
import { Naming } from '../../electron/service/naming.ts';
import { calibrationFor } from '../../models/calibration.ts';
import { RecordReader, type Rows, rowsOf } from './record.ts';
import type { World } from './world.ts';

/**
 * How the suggestions of a record differ from those that are worked out from scratch on a copy of the file. Somebody of
 * whom Kith is sure, but who may not be named just now, may be among them or not.
 */
export async function staleSuggestions(world: World, rows: Rows): Promise<string[]> {
  const copy = `${world.file}.copy`;
  for (const end of ['', '-wal']) {
    if (existsSync(`${world.file}${end}`)) copyFileSync(`${world.file}${end}`, `${copy}${end}`);
  }
  const library = openLibrary(copy);
  try {
    const { most, least } = await fromScratch(library, world.encoder);
    const here = suggestions(rows);
    return [
      ...[...here].filter((one) => !most.has(one)).map((one) => `suggested, but not from scratch: ${one}`),
      ...[...least]
        .filter((one) => !here.has(one) && !isGivenBySelf(rows, one))
        .map((one) => `suggested only from scratch: ${one}`),
    ];
  } finally {
    library.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  }
}

async function fromScratch(library: Library, otherwise: World['encoder']) {
  const encoder = library.groups.encoder() ?? otherwise;
  const levels = readSettings(library);
  const naming = new Naming(library, encoder, calibrationFor(encoder, []) as Calibration);
  await naming.faces.prepare();
  const reader = new RecordReader(library.file);
  try {
    naming.refresh(levels);
    const most = suggestions(reader.rows());
    library.journal.act({ action: 'test', detail: {}, by: 'kith' }, (entry) => naming.spread(levels, entry));
    return { most, least: suggestions(reader.rows()) };
  } finally {
    reader.close();
  }
}

/** Whether the record has a name that Kith gave the face: naming may take it back, and ask instead, with the next name. */
function isGivenBySelf(rows: Rows, suggestion: string): boolean {
  const { face_id: face } = JSON.parse(suggestion) as { face_id: number };
  return rows.get(`labels:${face}`)?.by_whom === 'sure';
}

function suggestions(rows: Rows): Set<string> {
  return new Set(rowsOf(rows, 'suggestions').map((row) => JSON.stringify(row)));
}

/** Pairs of faces that are on one photo and in one group: `12,13`. */
export function together(rows: Rows): Set<string> {
  const faces = rowsOf(rows, 'faces').filter(
    ({ group_id: group, photo_id: photo, withdrawn }) =>
      group !== null && withdrawn === 0 && rows.get(`photos:${photo}`)?.several === 0,
  );
  const byPlace = Map.groupBy(faces, ({ group_id: group, photo_id: photo }) => `${group} ${photo}`);
  const pairs = [...byPlace.values()].flatMap((some) =>
    some.flatMap((one, i) => some.slice(i + 1).map((other) => `${one.id},${other.id}`)),
  );
  return new Set(pairs);
}

/** Whether hands have said of both faces of a pair that they are one person: then they belong together, photo or not. */
export function areSaidToBeOne(rows: Rows, pair: string): boolean {
  const [one, other] = pair.split(',').map((face) => {
    const label = rows.get(`labels:${face}`);
    return label && label.by_whom !== 'sure' ? label.person_id : null;
  });
  return one != null && one === other;
}

/** Whether the user has said of one of a pair that it is no face. Kith does not look at it any more when it groups. */
export function isNoFace(rows: Rows, pair: string): boolean {
  return pair.split(',').some((face) => rows.get(`labels:${face}`)?.verdict === 'not-a-face');
}
