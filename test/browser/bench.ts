import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { ensureChromium } from '../../build/browser.ts';
import { ensurePage } from '../../build/page.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { forgetTasks, longestTask, noteTasks, type Smoothness, scrollThrough } from './frames.ts';
import { type Kith, openKith, settle } from './host.ts';

/** How often what happens in a moment is measured: the median is told, and the worst. */
const TIMES = 7;

/** Groups that have a name before anything is measured. */
const NAMED = 100;

interface Moments {
  median: number;
  worst: number;
  longestTask: number;
}

/**
 * `npm run bench -- page [--faces 100000]`: the page in a real Chromium on a made library, with a real host behind it.
 * Prints a table in Markdown and writes out/bench-page.json.
 */
async function bench(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { faces: { type: 'string', default: '100000' } },
  });
  const faces = Number(values.faces);
  await ensurePage();
  const folder = await mkdtemp(join(tmpdir(), 'kith-bench-page-'));
  const place = await settle(folder);
  console.error('Making a library …');
  await makeLibrary(place.library, { faces, encoder: 'dlib', portraits: true });
  const former = await openKith(place);
  const library = await prepare(former, folder);
  await former.stop();
  // Opened anew, as somebody does who comes back.
  const kith = await openKith(place);
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await noteTasks(page);
    const cold = await openFirst(page, kith);
    const first = await nameFirst(page);
    const report = {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
      chromium: browser.version(),
      library,
      cold,
      first,
      opening: await openPeople(page),
      jumping: await jumpAbout(page),
      scrolling: await scrollLists(page, kith),
      naming: await nameGroups(page, kith),
      heap: await heapOf(page),
    };
    console.log(table(report));
    const out = resolve(import.meta.dirname, '../../out');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'bench-page.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await browser.close();
    await kith.stop();
    await rm(folder, { recursive: true });
  }
}

/** Groups everybody and names some, as if that had been done before. */
async function prepare(kith: Kith, folder: string) {
  console.error('Grouping it …');
  const wire = await kith.wire();
  await wire.call('scan.start', { path: await mkdtemp(join(folder, 'nothing-')) });
  await wire.scanned();
  console.error('Naming some …');
  for (let named = 0; named < NAMED; named++) {
    const [group] = (await wire.call('groups.list', { limit: 1 })).items;
    if (!group) break;
    await wire.call('name', { groups: [group.id], name: `Person ${named + 1}` });
  }
  const { faces, photos, groups, people } = await wire.call('library.overview', {});
  wire.socket.close();
  return { faces, photos, groups, people };
}

/** Their texts are empty, since the name beside them says the same: they have no role. */
const covers = (page: Page) => page.getByRole('list', { name: 'People' }).locator('img');

/** The faces on the first screen, decoded. */
async function shown(page: Page): Promise<void> {
  await covers(page).first().waitFor();
  // Rows whose cells are still to come would have no picture to wait for.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('img, .blank')]
      .filter((element) => element.getBoundingClientRect().top < innerHeight)
      .every(
        (element) => element instanceof HTMLImageElement && element.complete && element.naturalWidth > 0,
      ),
  );
}

/** In milliseconds, by a browser that has just been started and has nothing of the page. */
async function openFirst(page: Page, kith: Kith): Promise<number> {
  console.error('Opening …');
  const from = performance.now();
  await page.goto(kith.address, { waitUntil: 'commit' });
  await shown(page);
  return performance.now() - from;
}

/** A name as soon as the library is open: from Enter to the ledger, and until whoever follows has the name as well. */
async function nameFirst(page: Page): Promise<{ told: number; followed: number }> {
  console.error('Naming at once …');
  await toGroups(page);
  await enterName(page, 'Soon');
  const given = performance.now();
  const ledger = page.getByRole('status').filter({ hasText: 'Soon is now on' });
  await ledger.waitFor();
  const told = performance.now() - given;
  await ledger.filter({ hasNotText: 'looking for more' }).waitFor({ timeout: 120_000 });
  return { told, followed: performance.now() - given };
}

const toGroups = (page: Page) =>
  page.getByRole('heading', { name: 'Who is this?' }).evaluate((title) => title.scrollIntoView());

/** Types a name for the largest group, and gives it. */
async function enterName(page: Page, name: string): Promise<void> {
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await page.keyboard.type(name, { delay: 60 });
  await page.keyboard.press('Enter');
}

/** From the page's address to the faces on the first screen. */
async function openPeople(page: Page): Promise<Moments> {
  const times: number[] = [];
  let longest = 0;
  for (let round = 0; round < TIMES; round++) {
    // What the former opening left to do is none of this one.
    await page.waitForTimeout(1000);
    const from = performance.now();
    await page.reload({ waitUntil: 'commit' });
    await shown(page);
    times.push(performance.now() - from);
    longest = Math.max(longest, await longestTask(page));
  }
  return momentsOf(times, longest);
}

/** Where the thumb of the scroll bar is dragged to, of the length of people and groups. */
const JUMPS = [0.3, 0.9, 0.05, 0.6, 0, 1];

/** @returns the longest task meanwhile, in milliseconds */
async function jumpAbout(page: Page): Promise<number> {
  console.error('Jumping …');
  await page.waitForTimeout(1000);
  await forgetTasks(page);
  for (const share of JUMPS) {
    await page.evaluate((to) => scrollTo(0, to * document.documentElement.scrollHeight), share);
    await page.waitForTimeout(1000);
  }
  return longestTask(page);
}

async function scrollLists(page: Page, kith: Kith): Promise<Record<string, Smoothness>> {
  const { origin } = new URL(kith.address);
  const scrolled: Record<string, Smoothness> = {};
  const scroll = async (what: string, at: string, ready: () => Promise<void>) => {
    console.error(`Scrolling through ${what} …`);
    await page.goto('about:blank');
    await page.goto(`${origin}/${at}`);
    await ready();
    await page.waitForTimeout(1000);
    scrolled[what] = await scrollThrough(page);
  };
  const covered = () => covers(page).first().waitFor();
  await scroll('people and groups', '#/people', covered);
  await scroll('faces seen once', '#/people', async () => {
    await covered();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole('button', { name: /^Show/ }).click();
    const once = page.getByRole('list', { name: 'Seen once' });
    await once.getByRole('listitem').first().waitFor();
    await once.evaluate((list) => list.scrollIntoView());
  });
  await scroll('photos', '#/photos', () =>
    page.getByRole('list', { name: 'Photos' }).locator('img').first().waitFor(),
  );
  await scroll('the faces of one person', '#/person/1?tab=faces', () =>
    page.getByRole('listitem').first().waitFor(),
  );
  return scrolled;
}

/** From Enter to what the name brought. */
async function nameGroups(page: Page, kith: Kith): Promise<Moments> {
  console.error('Naming …');
  await page.goto('about:blank');
  await page.goto(`${new URL(kith.address).origin}/#/people`);
  await covers(page).first().waitFor();
  await toGroups(page);
  await page.waitForTimeout(1000);
  const times: number[] = [];
  await forgetTasks(page);
  for (let round = 0; round < TIMES; round++) {
    const name = `Somebody ${round + 1}`;
    await enterName(page, name);
    const given = performance.now();
    await page
      .getByRole('status')
      .filter({ hasText: `${name} is now on` })
      .waitFor();
    times.push(performance.now() - given);
    await page.waitForTimeout(1000);
  }
  return momentsOf(times, await longestTask(page));
}

/** Bytes of the page's JavaScript, after all of it. */
function heapOf(page: Page): Promise<number> {
  return page.evaluate(
    () => (performance as Performance & { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
}

function momentsOf(times: readonly number[], longest: number): Moments {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, worst: sorted.at(-1)!, longestTask: longest };
}

interface Report {
  machine: { cpu: string; cores: number; node: string };
  chromium: string;
  library: { faces: number; photos: number; groups: number; people: number };
  cold: number;
  first: { told: number; followed: number };
  opening: Moments;
  jumping: number;
  scrolling: Record<string, Smoothness>;
  naming: Moments;
  heap: number;
}

function table({
  machine,
  library,
  cold,
  first,
  opening,
  jumping,
  scrolling,
  naming,
  ...report
}: Report): string {
  const row = (what: string, goal: string, isMet: boolean, ...figures: (number | string)[]) =>
    `| ${[what, goal && `${goal} ${isMet ? '✓' : '✗'}`, figures.map((figure) => (typeof figure === 'number' ? Math.round(figure) : figure)).join(', ')].join(' | ')} |`;
  const moments = (what: string, goal: number, { median, worst }: Moments) =>
    row(`${what}, ${TIMES} times: median, worst`, `< ${goal} ms`, worst < goal, median, worst);
  const task = (what: string, longest: number) =>
    row(`the longest task ${what}`, '≤ 50 ms', longest <= 50, longest === 0 ? 'none over 50' : longest);
  return [
    `${library.faces} made faces on ${library.photos} photos, ${library.groups} groups, ${library.people} people; Chromium ${report.chromium} without a window; ${machine.cores} cores for page and host, ${machine.cpu}, Node ${machine.node}; ${(report.heap / 1e6).toFixed(0)} MB of JavaScript at the end`,
    '',
    '| what | goal | milliseconds, or frames a second |',
    '|---|---|---|',
    row('People opens in a browser that has just been started', '', true, cold),
    row('a name as soon as it is open, to what it is told', '< 1500 ms', first.told < 1500, first.told),
    row('until whoever follows has it as well', '', true, first.followed),
    moments('People opens, to the last face on the screen', 1000, opening),
    task('meanwhile', opening.longestTask),
    task(`while one jumps about, ${JUMPS.length} times`, jumping),
    moments('a name, to what it brought', 1500, naming),
    task('meanwhile', naming.longestTask),
    ...Object.entries(scrolling).flatMap(([what, { rate, longestFrame, longestTask: longest, distance }]) => [
      row(
        `scrolling through ${what}, ${Math.round(distance)} pixels: frames a second`,
        '≥ 55',
        rate >= 55,
        rate,
      ),
      row('the longest frame meanwhile', '', true, longestFrame),
      task('meanwhile', longest),
    ]),
  ].join('\n');
}

await bench();
