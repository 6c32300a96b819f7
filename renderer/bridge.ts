import type { Failure, ServiceEvent } from '../electron/contract/events.ts';
import type { Bridge } from './bridge-types.ts';
import { Refused } from './refused.ts';
import { openSocket } from './socket.ts';

/** What the preload script of the Electron shell puts on the window. */
interface ShellBridge {
  call(
    name: string,
    params: unknown,
  ): Promise<{ ok: true; result: unknown } | { ok: false; failure: Failure }>;
  on(listener: (event: ServiceEvent) => void): () => void;
  /** Where a dropped file or folder lies; null where it can't be told. */
  pathForFile(file: File): string | null;
  /** Lets a face's crop be dragged out of the window. */
  startDrag(face: number): void;
}

declare global {
  interface Window {
    kith?: ShellBridge;
  }
}

function inShell(shell: ShellBridge): Bridge {
  return {
    async call(name, params) {
      const reply = await shell.call(name, params);
      if (!reply.ok) throw new Refused(reply.failure.code, reply.failure.detail);
      return reply.result as never;
    },
    on: (listener) => shell.on(listener),
    onConnection(listener) {
      listener('open');
      return () => {};
    },
  };
}

export const bridge: Bridge = window.kith ? inShell(window.kith) : openSocket();

/** Asks the service. @throws Refused */
export const ask: Bridge['call'] = (name, params) => bridge.call(name, params);
