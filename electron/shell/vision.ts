import { fileURLToPath } from 'node:url';
import type { UtilityProcess, utilityProcess } from 'electron';
import type { EngineOptions } from '../service/app/engine.ts';

type Spawn = NonNullable<EngineOptions['spawn']>;

/** As much of what a process complained of as helps to find out why it ended. */
const KEPT = 2000;

/** Vision processes as utility processes of Electron. To be started once Electron is ready. */
export function utilityProcesses(fork: typeof utilityProcess.fork, entry: URL): Spawn {
  return () => {
    const child: UtilityProcess = fork(fileURLToPath(entry), [], {
      serviceName: 'Kith vision',
      stdio: ['ignore', 'ignore', 'pipe'],
      // sharp's threads would each keep a heap of their own under glibc.
      env: { MALLOC_ARENA_MAX: '2', ...process.env },
    });
    let complaint = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-KEPT);
    });
    return {
      send: (request) => child.postMessage(request),
      onReply: (listener) => void child.on('message', listener),
      onExit: (listener) =>
        void child.once('exit', (code) =>
          listener(`exit status ${code}${complaint && `: ${complaint.trim()}`}`),
        ),
      kill: () => void child.kill(),
    };
  };
}
