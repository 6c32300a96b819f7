import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { addressOf } from '../../electron/owner/address.ts';

/** Who is killed. The host is who asks; the command line is another that is connected to the owner at that moment. */
export const VICTIMS = ['owner', 'vision', 'host', 'command line'] as const;
export type Victim = (typeof VICTIMS)[number];

/** How long everything goes on after somebody but the owner was killed, in milliseconds. */
const AFTERMATH = 300;

/** How long it may take until another owner answers, in milliseconds. */
const RECOVERY = 20_000;

const CLI = resolve(import.meta.dirname, '../../electron/host/cli.ts');

interface Kill {
  seed: number;
  /** Milliseconds from the moment at which the library is open. */
  after: number;
  victim: Victim;
}

/**
 * Starts the script of kill-script.ts on a folder, kills somebody, and ends the rest in the same way.
 *
 * @throws Error where the script, or the record, does not go on though it could
 */
export async function killAt(root: string, { seed, after, victim }: Kill): Promise<void> {
  const file = join(root, 'library.kith');
  const env = { ...process.env, XDG_DATA_HOME: join(root, 'data') };
  const host = fork(new URL('./kill-script.ts', import.meta.url), [root, String(seed)], {
    ...{ execArgv: [], env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  });
  let complaint = '';
  host.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = once(host, 'exit').then(() => true);
  const begun = once(host, 'message').then(() => false);
  if (await Promise.race([begun, ended])) throw new Error(`the record does not open: ${complaint}`);
  const line =
    victim === 'command line'
      ? spawn(process.execPath, [CLI, 'undo', '--library', file], { env, stdio: 'ignore' })
      : null;
  await Promise.race([ended, wait(after)]);
  const owner = addressOf(file)?.pid;
  if (victim === 'vision') kill(childrenOf(owner)[0]);
  if (victim === 'command line') line!.kill('SIGKILL');
  if (victim === 'owner' && host.exitCode === null) {
    kill(owner);
    if (!(await goesOn(host))) throw new Error(`no other owner has answered: ${complaint}`);
  } else if (victim !== 'host') await Promise.race([ended, wait(AFTERMATH)]);
  if (host.exitCode !== null) throw new Error(`the script has ended by itself: ${complaint}`);
  host.kill('SIGKILL');
  await ended;
  await ownerIsGone(file, victim === 'host' ? 0 : AFTERMATH);
}

/** Whether the script says that it goes on, through another owner. */
function goesOn(host: ChildProcess): Promise<boolean> {
  return Promise.race([
    once(host, 'message').then(() => true),
    wait(RECOVERY, false),
    once(host, 'exit').then(() => false),
  ]);
}

/** The owner closes the record by itself where everybody has gone, or it is killed as well. @param patience milliseconds */
async function ownerIsGone(file: string, patience: number): Promise<void> {
  const owner = addressOf(file)?.pid;
  await wait(patience);
  kill(owner);
  while (owner !== undefined && existsSync(`/proc/${owner}`)) await wait(10);
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}

/** Processes that a process has started, as Linux tells; none elsewhere. */
function childrenOf(pid: number | undefined): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}
