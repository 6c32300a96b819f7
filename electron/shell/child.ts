import { fileURLToPath } from 'node:url';
import type { MessagePortMain, UtilityProcess, utilityProcess } from 'electron';

/** As much of what a process complained of as helps to find out why it ended. */
const KEPT = 2000;

/** A utility process of Electron. */
export interface Child {
  /** Nothing happens where it has ended. */
  send(message: unknown, ports?: MessagePortMain[]): void;
  /** Messages come as they were sent, not yet checked. */
  onMessage(listener: (message: unknown) => void): void;
  /** Says how it ended; also where it has ended already. */
  readonly ended: Promise<string>;
  /** At once. */
  kill(): void;
}

/** To be called once Electron is ready. */
export function startChild(fork: typeof utilityProcess.fork, entry: URL, serviceName: string): Child {
  const child: UtilityProcess = fork(fileURLToPath(entry), [], {
    serviceName,
    stdio: ['ignore', 'ignore', 'pipe'],
    // sharp's threads would each keep a heap of their own under glibc.
    env: { MALLOC_ARENA_MAX: '2', ...process.env },
  });
  let complaint = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-KEPT);
  });
  let hasEnded = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code) => {
      hasEnded = true;
      resolve(`exit status ${code}${complaint && `: ${complaint.trim()}`}`);
    });
  });
  /** Electron's own `kill` asks politely, and on macOS holds up the main process until it is obeyed (electron#45053). */
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  };
  return {
    send(message, ports = []) {
      // Electron 44 crashed where a message was sent while it reported the end (electron#53923).
      if (!hasEnded) child.postMessage(message, ports);
    },
    onMessage: (listener) => void child.on('message', listener),
    ended,
    kill() {
      if (hasEnded) return;
      // It has no number before it runs.
      if (child.pid === undefined) child.once('spawn', kill);
      else kill();
    },
  };
}
