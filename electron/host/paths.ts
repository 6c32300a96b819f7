import { resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');

/**
 * A path of the command line, resolved in the user's folder. npm runs a script in the project's folder and gives the
 * user's folder in `INIT_CWD`. A program that npm started in another folder uses that folder.
 */
export function fromHere(path: string): string {
  const { INIT_CWD: standing, npm_lifecycle_event: script } = process.env;
  const ranByNpm = standing !== undefined && script !== undefined && process.cwd() === project;
  return resolve(ranByNpm ? standing : process.cwd(), path);
}

/** A path on one line. One with control characters or line breaks is written as a JSON string. */
export function shown(path: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(path) ? JSON.stringify(path) : path;
}
