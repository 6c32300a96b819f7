import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FolderGroups } from '../../electron/contract/results.ts';
import { samples } from '../golden/models-reference.ts';

const project = resolve(import.meta.dirname, '../..');
export const entry = join(project, 'electron/host/cli.ts');

interface Surroundings {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the real command line as a process of its own, in a pipe, as a script would. */
export function start(words: string[], options: Surroundings = {}): ChildProcess {
  const { cwd = tmpdir(), env = {}, ...identity } = options;
  return spawn(process.execPath, [entry, ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
}

/** Waits for a process and gathers all that it says. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

/** Runs the command line to its end. */
export function kith(words: string[], options?: Surroundings): Promise<Ended> {
  return ended(start(words, options));
}

/** Groups a folder into its own library and reads the answer, which must be JSON of the contract's shape alone. */
export async function group(
  folder: string,
  library: string,
  ...more: string[]
): Promise<Ended & { result: FolderGroups }> {
  const end = await kith(['group', folder, '--library', library, '--json', ...more]);
  if (end.stdout === '') throw new Error(`Expected JSON but received nothing; standard error: ${end.stderr}`);
  return { ...end, result: FolderGroups.parse(JSON.parse(end.stdout)) };
}

/** A folder of the test's own, and how to take it away again. */
export async function scratch(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'kith e2e '));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Copies face-api's group photos (numbered from 1) into a folder. */
export async function copySamples(folder: string, numbers = [1, 2, 3, 4, 5, 6]): Promise<void> {
  for (const number of numbers) {
    const { name, path } = samples[number - 1]!;
    await copyFile(path, join(folder, name));
  }
}

/** What must be the same however often a folder is grouped: paths, boxes, groups. Not ids, not seconds. */
export function essence({ photos, groups }: FolderGroups): unknown {
  return {
    photos: photos.map(({ path, status, reason, faces }) => ({
      path,
      status,
      reason,
      faces: faces.map(({ box, score, group: of }) => ({ box, score, group: of })),
    })),
    groups,
  };
}
