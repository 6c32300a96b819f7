import type { Dirent } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KithError } from '../contract/errors.ts';
import { type ExportKind, hashPlain, type OwnFile, readAccount, readPlain } from './account.ts';
import { isDraft, unwritable } from './files.ts';
import { FolderLock } from './lock.ts';
import { isWrittenByKith, MARKER } from './marker.ts';
import { answered, writablePlace } from './place.ts';

/** What an export writes. */
export interface Layout {
  kind: ExportKind;
  /** The list of its files that it leaves for people and programs. */
  manifest: string;
  /** Folders in folders in which its files lie; one where left out. */
  depth?: number;
  /** Relative paths that it may have written, and so may replace. */
  own: RegExp;
  /** The files that a manifest of an earlier version names. @throws where it is none */
  former(manifest: unknown): string[];
}

/** What systems put into any folder that somebody looks at. */
const SYSTEM = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.directory)$/i;

/** Bytes of a manifest of an earlier version that are read: half a million files. */
const LONGEST_MANIFEST = 2 ** 28;

/** Files that are read side by side. */
const READ_AT_ONCE = 16;

/** A folder that is Kith's to write, and locked: empty, new, or left by an earlier run. */
export interface Claim {
  /** Real path. */
  root: string;
  /** Files that an earlier run wrote, as it left them. */
  own: Map<string, OwnFile>;
  /** What tells of each of these whether somebody has written to it since. */
  stamps: Map<string, string>;
  /** Relative paths of what somebody else put there, as deep as the layout's files lie. Never touched. */
  foreign: string[];
  lock: FolderLock;
}

/**
 * Finds out, before any work, whether an export could be written to a folder. Nothing is changed.
 * @throws KithError `output-unwritable`; `bad-request` for anything but an absolute path
 */
export async function checkPlace(folder: string, layout: Layout): Promise<string> {
  return answered(folder, look(folder, layout));
}

/**
 * Takes a folder for an export. A folder that holds files but no account of Kith's is refused, so that faces are never
 * strewn among somebody's photos. What an earlier run left unfinished is taken away.
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`; `bad-request` for anything but an absolute path
 */
export async function claim(folder: string, layout: Layout): Promise<Claim> {
  const root = await checkPlace(folder, layout);
  try {
    await mkdir(join(root, MARKER), { recursive: true });
    if ((await realpath(root)) !== root) throw strange(root, 'it was moved meanwhile');
    await requireFolder(join(root, MARKER));
    const lock = FolderLock.take(join(root, MARKER, 'lock'));
    if (lock === null) throw new KithError('output-busy', root);
    try {
      return { root, lock, ...(await takeStock(root, layout)) };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw unwritable(root, error);
  }
}

/** @returns the real path of a folder that may be written */
async function look(folder: string, layout: Layout): Promise<string> {
  const root = await writablePlace(folder);
  try {
    const entries = await list(root);
    if (entries.some(({ name }) => name === MARKER)) await requireKind(root, entries, layout);
    else if (await isFormer(root, entries, layout)) await formerFiles(root, layout);
    else requireEmpty(root, entries, layout);
    return root;
  } catch (error) {
    throw unwritable(root, error);
  }
}

/** Whether an earlier version of Kith, which kept no account, exported to the folder. */
async function isFormer(root: string, entries: Dirent[], { manifest }: Layout): Promise<boolean> {
  return entries.some(({ name }) => name === manifest) && isWrittenByKith(join(root, manifest));
}

/** @throws KithError where the account is another export's, or the manifest somebody else's */
async function requireKind(root: string, entries: Dirent[], { kind, manifest }: Layout): Promise<void> {
  if (entries.some(({ name }) => name === MARKER)) {
    await requireFolder(join(root, MARKER));
    const path = join(root, MARKER, 'files');
    const account = await readAccount(path).catch((error: unknown) => {
      throw strange(path, 'it is damaged, or Kith did not write it', error);
    });
    if (account && account.kind !== kind) throw strange(root, 'it holds another kind of export');
  }
  if (entries.some(({ name }) => name === manifest) && !(await isWrittenByKith(join(root, manifest)))) {
    throw strange(join(root, manifest), 'it is in the way, and Kith did not write it');
  }
}

function requireEmpty(root: string, entries: Dirent[], { manifest }: Layout): void {
  const theirs = entries.filter((entry) => !SYSTEM.test(entry.name) && !isLeftDraft(entry));
  if (theirs.length === 0) return;
  throw strange(
    root,
    `expected an empty folder or one with Kith's ${manifest}, found ${theirs.length === 1 ? 'something' : `${theirs.length} things`} of somebody else's`,
  );
}

/** What is there, once nobody else writes: drafts go, files that were changed since are somebody else's. */
async function takeStock(root: string, layout: Layout): Promise<Omit<Claim, 'root' | 'lock'>> {
  const entries = await list(root);
  await requireKind(root, entries, layout);
  const there: string[] = [];
  for (const [path, entry] of await entriesWithin(root, entries, layout.depth)) {
    if (isLeftDraft(entry)) await rm(join(root, path));
    else there.push(path);
  }
  const { own, stamps } = await ownFiles(root, layout, new Set(there));
  return { own, stamps, foreign: there.filter((path) => !own.has(path) && path !== layout.manifest) };
}

/** All that lies in the folder and in its folders but these themselves, with relative paths. Links are not followed. */
async function entriesWithin(
  root: string,
  entries: Dirent[],
  depth = 1,
  above = '',
): Promise<[string, Dirent][]> {
  const found: [string, Dirent][] = [];
  for (const entry of entries) {
    const path = `${above}${entry.name}`;
    if (entry.isDirectory() && depth > 0)
      found.push(...(await entriesWithin(root, await list(join(root, path)), depth - 1, `${path}/`)));
    else if (!path.startsWith(`${MARKER}/`) || isLeftDraft(entry)) found.push([path, entry]);
  }
  return found;
}

async function ownFiles(
  root: string,
  layout: Layout,
  there: ReadonlySet<string>,
): Promise<Pick<Claim, 'own' | 'stamps'>> {
  const account = await readAccount(join(root, MARKER, 'files'));
  const listed = account?.files ?? (await formerFiles(root, layout));
  const claimed = listed.filter(({ file }) => there.has(file) && layout.own.test(file));
  const own = new Map<string, OwnFile>();
  const stamps = new Map<string, string>();
  for (let at = 0; at < claimed.length; at += READ_AT_ONCE) {
    const batch = claimed.slice(at, at + READ_AT_ONCE);
    const looks = await Promise.all(batch.map((line) => lookAt(join(root, line.file), line)));
    for (const [index, seen] of looks.entries()) {
      const line = batch[index]!;
      if (seen === null || own.has(line.file)) continue;
      own.set(line.file, { ...line, sha256: seen.sha256 });
      stamps.set(line.file, seen.stamp);
    }
  }
  return { own, stamps };
}

/** Null where the file is not as Kith wrote it, and so somebody else's. */
async function lookAt(path: string, line: OwnFile): Promise<{ sha256: string; stamp: string } | null> {
  const stamp = await stampOf(path);
  const found = await hashPlain(path).catch(() => null);
  if (found === null || stamp === null) return null;
  // A file of no bytes is what is left after the power was cut; nobody's work is in it.
  const isOwn = found.bytes === 0 || found.sha256 === line.sha256 || line.sha256 === '';
  return isOwn ? { sha256: found.sha256, stamp } : null;
}

/** Changes whenever somebody writes to a file; null where there is none. */
export async function stampOf(path: string): Promise<string | null> {
  const stats = await lstat(path, { bigint: true }).catch(() => null);
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

/**
 * Files that the manifest of an earlier version names, but for those that were changed after it was written.
 * @throws KithError where it names what Kith does not write
 */
async function formerFiles(root: string, { manifest, own, former }: Layout): Promise<OwnFile[]> {
  const path = join(root, manifest);
  const text = await readPlain(path, LONGEST_MANIFEST).catch(() => null);
  if (text === null) return [];
  const { mtimeMs } = await lstat(path);
  const files: OwnFile[] = [];
  for (const file of namesIn(text.toString('utf8'))) {
    const stats = await lstat(join(root, file)).catch(() => null);
    if (stats?.isFile() && stats.mtimeMs <= mtimeMs) files.push({ file, sha256: '', about: {} });
  }
  return files;

  function namesIn(json: string): string[] {
    try {
      const names = former(JSON.parse(json));
      if (names.every((name) => own.test(name))) return names;
    } catch (error) {
      throw strange(path, 'it is damaged, or Kith did not write it', error);
    }
    throw strange(path, 'it names files that Kith does not write');
  }
}

/** An unfinished file that a killed run left. */
function isLeftDraft(entry: Dirent): boolean {
  return entry.isFile() && isDraft(entry.name);
}

/** What lies in a folder; nothing where it is not there yet. */
async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** @throws KithError where it is a link, or no folder */
export async function requireFolder(path: string): Promise<void> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) throw strange(path, 'it is a link, which Kith does not follow in an export');
  if (!stats.isDirectory()) throw strange(path, 'a file is in the way');
}

function strange(path: string, why: string, cause?: unknown): KithError {
  return new KithError('output-unwritable', `${path} (${why})`, { cause });
}
