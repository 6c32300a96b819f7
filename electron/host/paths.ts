import { resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');

/**
 * A path as the person meant it. npm runs a script in the project's folder and says in `INIT_CWD` where the
 * person stands; a program that npm merely started somewhere else has a place of its own.
 */
export function fromHere(path: string): string {
  const { INIT_CWD: standing, npm_lifecycle_event: script } = process.env;
  const ranByNpm = standing !== undefined && script !== undefined && process.cwd() === project;
  return resolve(ranByNpm ? standing : process.cwd(), path);
}

/** A path on one line, whatever characters are in it. */
export function shown(path: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(path) ? JSON.stringify(path) : path;
}
