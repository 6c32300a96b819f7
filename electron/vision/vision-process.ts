import { fork } from 'node:child_process';
import type { VisionRequest } from '../contract/vision.ts';

/** A running vision process, as the pool sees it: of Node or of Electron. */
export interface VisionProcess {
  send(request: VisionRequest): void;
  /** Replies come as they were sent, not yet checked. */
  onReply(listener: (reply: unknown) => void): void;
  /** Called once, also when the process could not be started; `how` says how it ended. */
  onExit(listener: (how: string) => void): void;
  /** At once: a vision process holds nothing that could be lost. */
  kill(): void;
}

/** Starts a process that runs the worker entry. */
export type Spawn = () => VisionProcess;

/** As much of what a process complained of as helps to find out why it ended. */
const keptComplaint = 2000;

/** Vision processes as forks of this Node. Their standard output is nobody's; complaints are kept for `how`. */
export function forkOf(entry: URL): Spawn {
  return () => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Not this process's own: a debugger's port can't be opened twice.
      execArgv: [],
      // sharp's threads would each keep a heap of their own under glibc: 420 MB instead of 320 after 24 MP photos.
      env: { MALLOC_ARENA_MAX: '2', ...process.env },
    });
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-keptComplaint);
    });
    return {
      // A process that has just ended is reported by onExit; a failed send need not be.
      send: (request) => void child.send(request, () => {}),
      onReply: (listener) => void child.on('message', listener),
      onExit(listener) {
        let told = false;
        const tell = (how: string) => {
          if (!told) listener(how);
          told = true;
        };
        child.on('error', (error) => tell(error.message));
        child.on('close', (code, signal) => {
          tell(`${signal ?? `exit status ${code}`}${complaint && `: ${complaint.trim()}`}`);
        });
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
