import { relative, resolve, sep } from 'node:path';

/** Whether a path is a folder or lies in it; both as they really are, without links. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way);
}
