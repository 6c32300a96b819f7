import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { alignedEmbeddings } from '../../electron/service/aligned.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationIn } from '../../electron/service/own-calibration.ts';
import { countFaults } from './album-faults.ts';
import { paintAlbum } from './album-photos.ts';
import { type AlbumKind, planAlbum } from './album-plan.ts';
import { type AlbumFace, readAlbum } from './album-truth.ts';
import {
  answerAll,
  fewestNames,
  type GroupStanding,
  nameGroups,
  type Standing,
  Witness,
} from './album-user.ts';
import { lfwFiles } from './lfw.ts';
import { type Arrivals, compareOrders } from './order.ts';

/** Photos that an album has, where nobody says how many. */
const PHOTOS = 1500;

const SEED = 1;

/** Photos are shuffled so many times to see what groups owe to the order in which they come. */
const ORDERS = 50;

/** Shares of the faces that count that shall have their names. */
const MARKS = [0.5, 0.8, 0.9, 0.95];

interface Album {
  by: { detector: DetectorId; encoder: EncoderId };
  file: string;
  folder: string;
  placed: number;
  faces: AlbumFace[];
}

/**
 * An album made of LFW's faces: looked at by the real engine, then named by somebody who answers the review truthfully
 * through the application's one door, against naming groups the largest first; in photos that arrive in many orders.
 *
 * @param work `out`: where photos and libraries are kept, so that a second run is quick
 * @returns a report in plain lines
 */
export async function nameAlbum(
  by: Album['by'],
  work: {
    out: string;
    kind?: AlbumKind;
    photos?: number;
    orders?: number;
    onProgress: (progress: ScanProgress) => void;
  },
): Promise<string> {
  const { kind = 'fair', photos = PHOTOS, orders = ORDERS } = work;
  const plan = planAlbum(picturesOfLfw(), photos, kind, SEED);
  const folder = await paintAlbum(plan, lfwFiles().pictures, work.out);
  const file = join(work.out, `album-${plan.key}-${by.detector}-${by.encoder}.kith`);
  await scanAlbum(file, folder, by, work.onProgress);
  const placed = plan.photos.reduce((sum, { faces }) => sum + faces.length, 0);
  const album: Album = { by, file, folder, placed, faces: readAlbum(file, folder, plan) };
  const witness = new Witness(album.faces);
  const found = album.faces.filter(({ person }) => person !== null).length;
  const groups = nameGroups(album.faces, witness);
  const review = await reviewed(album, witness);
  return [
    `${by.detector} + ${by.encoder}: ${plan.photos.length} photos (${kind}), ${placed} faces of ${plan.people} people and ${plan.strangers} strangers; ${found} found, ${album.faces.length - found} others`,
    `  counted: ${witness.counted} faces of people who were found twice or more; an answer is a name, a key, or an offer ticked`,
    ...MARKS.map(
      (mark) =>
        `  ${Math.round(mark * 100)} % named: ${told(review.standings, mark)}; naming groups alone: ${told(groups, mark)}${passedBy(groups, mark)}; there are ${witness.least(mark)} people in that many; knowing which groups are one person's: ${fewestNames(album.faces, witness, mark) ?? 'never'}`,
    ),
    ...review.faults.map((line) => `  ${line}`),
    ...(orders > 0 ? [await compareOrders(arrivalsOf(album), orders)] : []),
  ].join('\n');
}

function told(standings: readonly Standing[], mark: number): string {
  const there = standings.find(({ named }) => named >= mark);
  if (!there) {
    const { named, answers } = standings.at(-1)!;
    return `never (${(named * 100).toFixed(1)} % after ${answers} answers)`;
  }
  const { hand, kith } = there.wrong;
  return `${there.answers} answers, ${hand + kith} wrong names (${kith} by Kith)`;
}

function passedBy(standings: readonly GroupStanding[], mark: number): string {
  const there = standings.find(({ named }) => named >= mark);
  return there ? `, ${there.passed} strangers passed over` : '';
}

/** The album's faces as {@link compareOrders} wants them, and the library that they are in. */
export async function albumOf(by: Album['by'], out: string): Promise<Arrivals & { file: string }> {
  const { file, folder, plan } = await preparedAlbum(by, out);
  return { file, ...arrivalsOf({ by, file, folder, placed: 0, faces: readAlbum(file, folder, plan) }) };
}

async function preparedAlbum(by: Album['by'], out: string) {
  const plan = planAlbum(picturesOfLfw(), PHOTOS, 'fair', SEED);
  const folder = await paintAlbum(plan, lfwFiles().pictures, out);
  const file = join(out, `album-${plan.key}-${by.detector}-${by.encoder}.kith`);
  await scanAlbum(file, folder, by, () => {});
  return { file, folder, plan };
}

/**
 * How many answers name 80 and 95 % of an album's faces, where all of it is grouped anew first; null: never.
 *
 * @param out where photos and libraries are kept
 */
export async function answersOf(by: Album['by'], out: string): Promise<[number | null, number | null]> {
  const { file, folder, plan } = await preparedAlbum(by, out);
  const copy = copied(file, 'anew');
  const app = await createApp({ libraryFile: copy, ...by });
  try {
    await app.call('groups.regroup', {});
    const witness = new Witness(readAlbum(copy, folder, plan));
    const standings = await answerAll(app, copy, witness, MARKS.at(-1)!);
    const until = (mark: number) => standings.find(({ named }) => named >= mark)?.answers ?? null;
    return [until(0.8), until(0.95)];
  } finally {
    await app.close();
  }
}

/** Names a copy of the library, so that the next run begins with nobody named as well. */
async function reviewed({ by, file, folder, faces }: Album, witness: Witness) {
  const copy = copied(file, 'named');
  const app = await createApp({ libraryFile: copy, ...by });
  try {
    const standings = await answerAll(app, copy, witness, MARKS.at(-1)!);
    const faults = await countFaults(copy, () => scanned(app, folder), faces);
    return { standings, faults };
  } finally {
    await app.close();
  }
}

function copied(file: string, what: string): string {
  const copy = file.replace(/\.kith$/, `-${what}.kith`);
  for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  copyFileSync(file, copy);
  return copy;
}

async function scanAlbum(
  file: string,
  folder: string,
  by: Album['by'],
  onProgress: (progress: ScanProgress) => void,
): Promise<void> {
  mkdirSync(join(file, '..'), { recursive: true });
  const app = await createApp({ libraryFile: file, ...by });
  const stop = app.on((event) => {
    if (event.kind === 'scan') onProgress(event.state.progress);
  });
  try {
    await scanned(app, folder);
  } finally {
    stop();
    await app.close();
  }
}

/** Scans, and waits until it has ended. */
export async function scanned(app: App, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = app.on((event) => {
    if (event.kind !== 'scan') return;
    const { phase, failure } = event.state;
    if (phase === 'done') resolve();
    if (phase === 'failed' || phase === 'cancelled') reject(new Error(failure?.detail ?? phase));
  });
  try {
    await app.call('scan.start', { path });
    await promise;
  } finally {
    stop();
  }
}

function arrivalsOf({ by, file, faces }: Album): Arrivals {
  const library = openLibrary(file);
  try {
    const encoder = library.groups.encoder()!;
    const { faceIds, size, vectors, qualities } = alignedEmbeddings(library, encoder);
    const rows = new Map(faceIds.map((id, row) => [id, row]));
    return {
      name: `${by.detector} + ${by.encoder}`,
      calibration: calibrationIn(library, encoder),
      faces: faces.flatMap(({ id, photo, person, group }) => {
        const row = rows.get(id);
        if (row === undefined) return [];
        const embedding = vectors.slice(row * size, (row + 1) * size);
        // Whoever is nobody's is a person of their own.
        return { embedding, quality: qualities[row]!, photo, person: person ?? `stranger ${id}`, group };
      }),
    };
  } finally {
    library.close();
  }
}

function picturesOfLfw(): Map<string, string[]> {
  const { pictures } = lfwFiles();
  return new Map(
    readdirSync(pictures)
      .sort()
      .map((person) => [
        person,
        readdirSync(join(pictures, person))
          .sort()
          .map((name) => `${person}/${name}`),
      ]),
  );
}
