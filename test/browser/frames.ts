import type { Page } from '@playwright/test';

/** What scrolling through a list was like. */
export interface Smoothness {
  /** Frames a second, on average. */
  rate: number;
  /** The longest that a frame stood, and the longest that a task held the page up (0: none over 50), in milliseconds. */
  longestFrame: number;
  longestTask: number;
  /** Pixels that went by. */
  distance: number;
}

/** Turns of the wheel while frames are counted, and what each brings, in pixels: some five screens a second. */
const TURNS = 100;
const PIXELS = 200;
const EVERY = 45;

/** Counts frames while somebody scrolls through a list with the wheel, without a pause, for five seconds. */
export async function scrollThrough(page: Page): Promise<Smoothness> {
  const { width, height } = page.viewportSize()!;
  await page.mouse.move(width / 2, height / 2);
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(globalThis, { frames });
    const next = (at: number) => {
      frames.push(at);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const from = await page.evaluate(() => scrollY);
  await forgetTasks(page);
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, PIXELS);
    await page.waitForTimeout(EVERY);
  }
  const frames: number[] = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  const distance = (await page.evaluate(() => scrollY)) - from;
  const gaps = frames.slice(1).map((at, i) => at - frames[i]!);
  return {
    rate: (gaps.length * 1000) / (frames.at(-1)! - frames[0]!),
    longestFrame: Math.max(...gaps),
    longestTask: await longestTask(page),
    distance,
  };
}

/** From here on the page notes whatever holds it up for more than 50 milliseconds; before it is opened. */
export async function noteTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
      buffered: true,
    });
  });
}

export function forgetTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    (globalThis as unknown as { tasks: number[] }).tasks.length = 0;
  });
}

/** In milliseconds; 0 where nothing took more than 50. */
export function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks));
}
