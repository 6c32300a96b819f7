import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import envPaths from 'env-paths';
import { KithError } from '../../contract/errors.ts';
import { isPhotoName, realFolder } from '../walk.ts';
import { isWithin } from '../within.ts';
import type { Handlers } from './handlers.ts';
import { makeSampleAlbum } from './sample-album.ts';

/** How deep below the home folder a dropped folder is sought, and in how many folders at most. Chosen by hand. */
const SEARCH = { depth: 6, folders: 20_000 } as const;

/** Where drives appear that the user plugs in: photos may lie there besides the home folder. */
const MOUNTS = ['/media', '/mnt', '/run/media', '/Volumes'];

/** Requests about places on the disk. Looking around is limited to the home folder and mounted drives. */
export const folderPlaces: Pick<Handlers, 'folders.browse' | 'folders.find' | 'folders.sample'> = {
  'folders.browse': async ({ path }) => {
    const places = await placesToBegin();
    if (path === null) {
      const entries = await Promise.all(places.map((place) => entryOf(basename(place), place)));
      return { path: null, parent: null, photos: 0, crumbs: [], entries };
    }
    const real = await realFolder(path);
    const begin = places.find((place) => isWithin(place, real));
    if (begin === undefined) throw new KithError('folder-out-of-reach', path);
    const folders = await subfolders(real);
    const parent = dirname(real);
    return {
      path: real,
      parent: places.some((place) => isWithin(place, parent)) ? parent : null,
      photos: await photosIn(real),
      crumbs: crumbsOf(begin, real),
      entries: await Promise.all(folders.map((name) => entryOf(name, join(real, name)))),
    };
  },

  'folders.find': async ({ name, files }) => {
    const found: string[] = [];
    let left = SEARCH.folders;
    let level = await placesToBegin();
    for (let depth = 0; depth < SEARCH.depth && level.length > 0 && found.length === 0; depth++) {
      const next: string[] = [];
      for (const folder of level) {
        if (left-- <= 0) break;
        for (const child of await subfolders(folder)) {
          const path = join(folder, child);
          next.push(path);
          if (child === name && (await holds(path, files))) found.push(path);
        }
      }
      level = next;
    }
    return found;
  },

  'folders.sample': async () => {
    const path = join(envPaths('kith', { suffix: '' }).data, 'demo', 'photos');
    await makeSampleAlbum(path);
    return { path };
  },
};

async function placesToBegin(): Promise<string[]> {
  const mounted = await Promise.all(
    MOUNTS.map(async (mount) => (await subfolders(mount)).map((name) => join(mount, name))),
  );
  return [homedir(), ...mounted.flat()];
}

/** Subfolders by name, without hidden ones and `node_modules`; none where the folder can't be read. */
async function subfolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b));
}

async function entryOf(name: string, path: string) {
  return { name, path, home: path === homedir(), photos: await photosIn(path) };
}

async function photosIn(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  return names.filter(isPhotoName).length;
}

/** The folders from a place to begin with down to one within it, both included. */
function crumbsOf(begin: string, path: string): { name: string; path: string; home: boolean }[] {
  const parts = relative(begin, path).split(sep).filter(Boolean);
  return ['', ...parts].map((_, count) => {
    const at = join(begin, ...parts.slice(0, count));
    return { name: basename(at), path: at, home: at === homedir() };
  });
}

/** Whether a folder holds every one of these files: paths within it, and sizes in bytes. */
async function holds(path: string, files: readonly { name: string; size: number }[]): Promise<boolean> {
  for (const { name, size } of files) {
    const file = join(path, name);
    const there = isWithin(path, file) ? await stat(file).catch(() => null) : null;
    if (there?.size !== size) return false;
  }
  return true;
}
