import type { ShellBridge } from '../electron/contract/shell.ts';
import type { Bridge } from './bridge-types.ts';
import { Refused } from './refused.ts';
import { openSocket } from './socket.ts';

declare global {
  interface Window {
    kith?: ShellBridge;
  }
}

function inShell(shell: ShellBridge): Bridge {
  /** How far the page has followed the record: it goes along with each request, and says what its sender had seen. */
  let seen: number | null = null;
  return {
    async call(name, params) {
      const reply = await shell.call(name, params, seen);
      seen = reply.position ?? seen;
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
