import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { CROP_PADDING } from '../../electron/contract/crop-square.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';

// A person who knows everybody, at the page: reads each question off the screen, goes by the faces that are shown, and
// answers by keys.

/** Who a face is; null: a stranger, or no face at all. */
export type Who = (face: FaceId) => string | null;

/** A question as it stands on the page. */
interface Asked {
  title: string;
  face: FaceId;
  /** Others of its group. */
  mates: FaceId[];
  /** Each by the faces that are shown of it. */
  offers: FaceId[][];
}

/** What was done on the page. */
export interface Story {
  answers: number;
  /** Each answer, and each tick; a line typed with its Enter is one. */
  actions: number;
  /** A line for each answer. */
  said: string[];
  /** Questions about a face that nobody could tell from another one on its picture. */
  unclear: string[];
}

/** Chooses a folder on the first screen, and waits until everything was looked at. */
export async function addFolder(page: Page, address: string, folder: string, timeout: number): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  const field = page.getByRole('textbox', { name: 'Path of the folder' });
  // The home folder stands in it first: a path that is filled in at that very moment would go behind it.
  await expect(field).not.toHaveValue('');
  await field.fill(folder);
  await expect(field).toHaveValue(folder);
  await page.getByRole('button', { name: 'Add this folder' }).click();
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({ timeout });
}

/**
 * Answers what the review asks until it says that it is done.
 *
 * @param wire asked of each face in question whether it can be told from its neighbours
 * @param most answers after which it is given up
 */
export async function answerAll(page: Page, wire: Wire, who: Who, most = 200): Promise<Story> {
  await page.goto(`${new URL(page.url()).origin}/#/review`);
  const story: Story = { answers: 0, actions: 0, said: [], unclear: [] };
  const { answered, done } = {
    answered: (count: number) =>
      page.getByText(count === 1 ? /· 1 answer\b/ : new RegExp(`· ${count} answers`)),
    done: page.getByRole('heading', { name: /^(Done\.|Nothing to ask)/ }),
  };
  const question = page.locator('.review[aria-busy="false"]');
  let settled = 0;
  for (await question.or(done).waitFor(); !(await done.isVisible()); await question.or(done).waitFor()) {
    if (story.answers >= most) throw new Error(`Expected the review to be done after ${most} answers`);
    const asked = await read(page);
    if (!(await isClear(page, wire, asked.face))) story.unclear.push(`${asked.title} face ${asked.face}`);
    const { keys, name, ticks } = answerTo(asked, who);
    for (const key of [...ticks, ...keys]) await page.keyboard.press(key);
    if (name !== null) {
      await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
    }
    story.answers++;
    story.actions += ticks.length + 1;
    story.said.push(`${asked.title} ${[...ticks, ...keys].join(' ')} ${name ?? ''}`.trim());
    if (keys.includes('s')) {
      const isNext = async () => (await done.isVisible()) || (await read(page)).face !== asked.face;
      await expect.poll(isNext).toBe(true);
    } else {
      settled++;
      await answered(settled).or(done).waitFor();
    }
  }
  return story;
}

async function read(page: Page): Promise<Asked> {
  const review = page.locator('.review');
  const idsOf = async (images: ReturnType<Page['locator']>): Promise<FaceId[]> => {
    // Pictures are asked for once the page is at rest.
    const sources = async () => images.evaluateAll((all) => all.map((image) => image.getAttribute('src')));
    await expect.poll(async () => (await sources()).every((source) => source !== null)).toBe(true);
    return (await sources()).map((source) => Number(/face\/(\d+)/.exec(source!)![1]) as FaceId);
  };
  const [face] = await idsOf(review.locator('.asked img'));
  const offers: FaceId[][] = [];
  for (const offer of await review.getByRole('button', { name: /^Include number \d/ }).all()) {
    offers.push(await idsOf(offer.locator('img')));
  }
  return {
    title: (await review.getByRole('heading', { level: 1 }).innerText()).trim(),
    face: face!,
    mates: await idsOf(review.getByRole('group', { name: 'Of the same group' }).locator('img')),
    offers,
  };
}

/** The keys of an answer, and the name that is typed after them. What is not of one person is skipped. */
function answerTo({ title, face, mates, offers }: Asked, who: Who) {
  const person = who(face);
  const isAll = (faces: readonly FaceId[]) => faces.every((one) => who(one) === person);
  if (!isAll([face, ...mates])) return { keys: ['s'], name: null, ticks: [] };
  const right = offers.flatMap((faces, at) => (isAll(faces) ? [`${at + 1}`] : []));
  const wrong = offers.flatMap((faces, at) => (isAll(faces) ? [] : [`${at + 1}`]));
  const ticks = offers.length > 1 && 1 + wrong.length < right.length ? ['a', ...wrong] : right;
  if (person === null) return { keys: ['i'], name: null, ticks };
  const [one, other] = /^(.+) or (.+)\?$/.exec(title)?.slice(1) ?? [];
  if (title === `Is this ${person}?`) return { keys: ['y'], name: null, ticks };
  if (one === person) return { keys: ['1'], name: null, ticks: [] };
  if (other === person) return { keys: ['2'], name: null, ticks: [] };
  return { keys: ['e'], name: person, ticks };
}

/** How far a mark goes around the middle of a face, in sides of its box. */
const MARKED = 0.62;

/** From how near its middle another face is on a picture with more than an edge, in sides of the box. */
const SHOWN = 0.8;

/**
 * Whether the picture of a face shows which one is meant: no other face of its photo is on it, or the face is marked, and no
 * other has its middle within that mark.
 */
async function isClear(page: Page, wire: Wire, id: FaceId): Promise<boolean> {
  const [card] = await wire.call('faces.get', { ids: [id] });
  const { faces, width, height } = await wire.call('photos.get', { id: card!.photo });
  const own = card!.box;
  const middle = ({ x, y, width: w, height: h }: UnitBox) => ({
    x: (x + w / 2) * width,
    y: (y + h / 2) * height,
  });
  const offset = (of: UnitBox) => {
    const [there, here] = [middle(of), middle(own)];
    return { x: Math.abs(there.x - here.x), y: Math.abs(there.y - here.y) };
  };
  const side = Math.max(own.width * width, own.height * height);
  const others = faces.filter((face) => face.id !== id).map(({ box }) => offset(box));
  const beside = others.filter(({ x, y }) => Math.max(x, y) < SHOWN * side);
  if (beside.length === 0) return true;
  const isWithin = beside.some(
    ({ x, y }) => Math.hypot(x / (MARKED * own.width * width), y / (MARKED * own.height * height)) < 1,
  );
  const reach = (1 + 2 * CROP_PADDING) * side;
  const radii = { x: (MARKED * own.width * width) / reach, y: (MARKED * own.height * height) / reach };
  return !isWithin && (await isMarked(page, id, radii));
}

/** How far beyond the mark, in radii of it, a picture is looked at. */
const BEYOND = 1.15;

/**
 * Whether a face's picture has a bright line around its middle, and all beyond that is dimmed.
 *
 * @param radii of the line, in sides of the picture
 */
async function isMarked(page: Page, id: FaceId, radii: { x: number; y: number }): Promise<boolean> {
  const bytes = await page.evaluate(
    async (face) => [...new Uint8Array(await (await fetch(`face/${face}`)).arrayBuffer())],
    id,
  );
  const { data, info } = await sharp(Buffer.from(bytes))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  /** The brightest of the pixels around a place, or the darkest. */
  const near = (x: number, y: number, of: (...values: number[]) => number) => {
    const [column, row] = [Math.round(x * info.width), Math.round(y * info.height)];
    const steps = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
    return of(
      ...steps.flatMap((down) =>
        steps.map((right) => data[(row + down) * info.width + column + right] ?? of()),
      ),
    );
  };
  const sides = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const;
  return sides.every(([right, down]) => {
    const [x, y] = [right * radii.x, down * radii.y];
    const [outerX, outerY] = [0.5 + BEYOND * x, 0.5 + BEYOND * y];
    const isThere = Math.min(outerX, outerY) > 0.03 && Math.max(outerX, outerY) < 0.97;
    const line = near(0.5 + x, 0.5 + y, Math.max);
    return line > 180 && (!isThere || near(outerX, outerY, Math.min) < 130);
  });
}
