import type { ServiceEvent } from '../electron/contract/events.ts';
import type { Bridge, Connection } from './bridge-types.ts';
import { Refused } from './refused.ts';

/** Milliseconds before the first try to connect again; doubled after each, up to the second number. */
const RETRY = { first: 250, longest: 5000 } as const;

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Refused) => void;
}

/** A WebSocket to the host that served the page; connects again by itself. */
export function openSocket(address = `ws://${location.host}/socket`): Bridge {
  const listeners = new Set<(event: ServiceEvent) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  const waiting = new Map<number, Waiting>();
  const unsent: string[] = [];
  let connection: Connection = 'opening';
  let socket: WebSocket;
  let number = 0;
  /** How far the page has followed the record: it goes along with each request, and says what its sender had seen. */
  let seen: number | null = null;
  let pause: number = RETRY.first;

  function become(now: Connection): void {
    if (connection === now) return;
    connection = now;
    for (const watcher of watchers) watcher(now);
  }

  function connect(): void {
    let opened = false;
    socket = new WebSocket(address);
    socket.onopen = () => {
      opened = true;
      pause = RETRY.first;
      for (const text of unsent.splice(0)) socket.send(text);
      become('open');
    };
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = () => {
      // What was sent may or may not have been done, so it is never sent twice by itself.
      for (const { reject } of waiting.values()) reject(new Refused('connection-lost', ''));
      waiting.clear();
      unsent.length = 0;
      if (opened || connection !== 'refused') become('lost');
      if (!opened) void askWhy();
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, RETRY.longest);
    };
  }

  /** A socket does not tell whether nobody is there, or a host that was started anew and wants its own address. */
  async function askWhy(): Promise<void> {
    const status = await fetch('/', { method: 'HEAD' }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (connection !== 'open') become(status === 401 ? 'refused' : 'lost');
  }

  function receive(
    frame: { id?: number; position?: number; event?: ServiceEvent } & Record<string, never>,
  ): void {
    if (frame.event !== undefined) {
      for (const listener of listeners) listener(frame.event);
      return;
    }
    const caller = waiting.get(frame.id ?? -1);
    if (!caller) return;
    waiting.delete(frame.id!);
    seen = frame.position ?? seen;
    const reply = frame as unknown as
      | { ok: true; result: never }
      | { ok: false; failure: { code: Refused['code']; detail: string } };
    if (reply.ok) caller.resolve(reply.result);
    else caller.reject(new Refused(reply.failure.code, reply.failure.detail));
  }

  connect();
  return {
    call(name, params) {
      if (connection === 'lost' || connection === 'refused')
        return Promise.reject(new Refused('connection-lost', ''));
      const id = ++number;
      const text = JSON.stringify({ id, name, params, seen });
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
        else unsent.push(text);
      });
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onConnection(watcher) {
      watchers.add(watcher);
      watcher(connection);
      return () => watchers.delete(watcher);
    },
  };
}
