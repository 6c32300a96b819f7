import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { ensureChromium } from '../../build/browser.ts';
import { ensurePage } from '../../build/page.ts';
import type { DetectorId, EncoderId, FaceId } from '../../electron/contract/ids.ts';
import { openKith, settle } from '../browser/host.ts';
import { addFolder, answerAll, type Story } from '../browser/truthful.ts';
import { paintAlbum } from './album-photos.ts';
import { type AlbumFace, readAlbum } from './album-truth.ts';
import { Witness } from './album-user.ts';
import { lfwFiles } from './lfw.ts';
import { readFamily } from './stories-family.ts';
import { planStory } from './stories-plan.ts';

/** How long a folder may be looked at, in milliseconds. */
const PATIENCE = 1_800_000;

/** Whose photos a story is told on. */
interface Album {
  name: string;
  folder: string;
  /** Who is who in the library that they were scanned into. */
  read: (file: string) => AlbumFace[];
}

interface Told extends Story {
  album: string;
  /** Faces of people with two or more, and how many have their right name at the end. */
  counted: number;
  right: number;
  /** Faces with a name that is not theirs: by the user, who spoke for a whole group, and by Kith. */
  wrong: { hand: number; kith: number };
  /** What the page says at the end. */
  end: string;
}

/**
 * The family album and 25 people of 20 photos, each from an empty library to the end of the review, on the real page in a real
 * browser, answered truthfully by keys.
 *
 * @param options.seeds which 25 people of LFW, one album for each seed
 * @param options.out where painted photos are kept
 * @param options.onAnswer told each answer
 * @returns rows of a table in Markdown
 */
export async function tellStories(
  models: { detector: DetectorId; encoder: EncoderId },
  options: { seeds: readonly number[]; out: string; onAnswer: (line: string) => void },
): Promise<string> {
  await ensurePage(() => {});
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const rows: string[] = [];
    for (const album of [
      familyAlbum(),
      ...(await Promise.all(options.seeds.map((seed) => drawn(seed, options.out)))),
    ]) {
      const told = await tell(browser, album, models);
      for (const [at, line] of told.said.entries()) options.onAnswer(`${album.name} ${at + 1}: ${line}`);
      for (const line of told.unclear)
        options.onAnswer(`${album.name}, not to be told from its neighbour: ${line}`);
      rows.push(rowOf(told, models));
    }
    return rows.join('\n');
  } finally {
    await browser.close();
  }
}

function familyAlbum(): Album {
  const folder = join(lfwFiles().pictures, '../../photos/family');
  return { name: 'the family album', folder, read: (file) => readFamily(file, folder) };
}

async function drawn(seed: number, out: string): Promise<Album> {
  const { pictures } = lfwFiles();
  const all = readdirSync(pictures).sort();
  const of = (person: string) =>
    readdirSync(join(pictures, person))
      .sort()
      .map((name) => `${person}/${name}`);
  const plan = planStory(
    new Map(all.map((person) => [person, of(person)])),
    { people: 25, photos: 20 },
    seed,
  );
  const folder = await paintAlbum(plan, pictures, out);
  const named = (face: AlbumFace) => ({ ...face, person: face.person?.replaceAll('_', ' ') ?? null });
  return {
    name: `25 people of 20 photos, draw ${seed}`,
    folder,
    read: (file) => readAlbum(file, folder, plan).map(named),
  };
}

async function tell(
  browser: Browser,
  album: Album,
  models: { detector: DetectorId; encoder: EncoderId },
): Promise<Told> {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith stories ')), models);
  const kith = await openKith(place);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const wire = await kith.wire();
  try {
    page.setDefaultTimeout(60_000);
    await addFolder(page, kith.address, album.folder, PATIENCE);
    const faces = album.read(kith.library);
    const people = new Map<FaceId, string | null>(faces.map(({ id, person }) => [id, person]));
    const story = await answerAll(page, wire, (face) => people.get(face) ?? null);
    const witness = new Witness(faces);
    const { named, wrong } = witness.judge(kith.library, story.answers);
    const end = await page
      .getByRole('heading', { level: 1 })
      .or(page.getByRole('heading', { level: 2 }))
      .first()
      .innerText();
    return {
      ...story,
      album: album.name,
      counted: witness.counted,
      right: Math.round(named * witness.counted),
      wrong,
      end,
    };
  } finally {
    await page.close();
    wire.socket.close();
    await kith.stop();
    await rm(place.folder, { recursive: true, force: true });
  }
}

/** The head of the table that {@link tellStories} gives the rows of. */
export const HEAD = [
  '| story | models | answers | actions | faces named | wrong, by the user and by Kith | unclear questions | at the end |',
  '|---|---|---|---|---|---|---|---|',
].join('\n');

function rowOf(told: Told, { detector, encoder }: { detector: DetectorId; encoder: EncoderId }): string {
  const { album, answers, actions, right, counted, wrong, unclear, end } = told;
  const cells = [
    album,
    `${detector} + ${encoder}`,
    answers,
    actions,
    `${right} of ${counted}`,
    `${wrong.hand} and ${wrong.kith}`,
    unclear.length,
    end,
  ];
  return `| ${cells.join(' | ')} |`;
}
