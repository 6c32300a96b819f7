import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');

/**
 * Whether any of these was changed since the build that left this file; also where there is none.
 *
 * @param sources files, and folders with all that is in them, relative to the project
 */
export async function isNewer(sources: readonly string[], stamp: string): Promise<boolean> {
  const newest = Math.max(...(await Promise.all(sources.map((path) => newestIn(join(project, path))))));
  return (await timeOf(stamp)) < newest;
}

/** Leaves the mark of a build that began then: a build that was killed left none, or an older one. */
export async function stamp(path: string, started: Date): Promise<void> {
  await writeFile(path, '');
  await utimes(path, started, started);
}

/** When the newest of a file, or of everything in a folder, was changed, in milliseconds; folders count too. */
async function newestIn(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  return Math.max(...(await Promise.all([path, ...names.map((name) => join(path, name))].map(timeOf))));
}

/** 0 where there is nothing. */
async function timeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}
