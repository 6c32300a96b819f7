import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import { Tabs } from '../../electron/host/web/tabs.ts';
import type { Answer } from '../../electron/service/app/shell-door.ts';

// Pages that misbehave, at real sockets of this machine.

/** Milliseconds. */
const HEARTBEAT = 1000;

let server: WebSocketServer;
let tabs: Tabs;
let answer: Answer;
/** The host's end of the last connection. */
let end: WebSocket;

beforeEach(async () => {
  answer = async () => ({ ok: true, result: {} });
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  tabs = new Tabs((name, params) => answer(name, params), HEARTBEAT);
  server.on('connection', (socket) => {
    end = socket;
    tabs.add(socket);
  });
  await once(server, 'listening');
});
afterEach(async () => {
  tabs.close();
  for (const socket of server.clients) socket.terminate();
  server.close();
  await once(server, 'close');
});

async function connect(options: ClientOptions = {}): Promise<WebSocket> {
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  await once(page, 'open');
  return page;
}

const changed: ServiceEvent = { kind: 'changed', what: ['people'] };
const progress: ServiceEvent = {
  kind: 'work',
  work: 'export',
  what: 'x'.repeat(1024 ** 2),
  done: 1,
  total: 2,
  rate: 1,
};

describe('A page', () => {
  it('that answers every beat stays', async () => {
    const page = await connect();
    for (let beat = 0; beat < 3; beat++) await once(page, 'ping');
    expect(page.readyState).toBe(WebSocket.OPEN);
  });

  it('that answers no beat is let go, and the others stay', async () => {
    const other = await connect();
    const silent = await connect({ autoPong: false });
    await once(silent, 'close');
    expect(other.readyState).toBe(WebSocket.OPEN);
  });

  it('that does not keep up gets no more progress, and is let go before memory runs out', async () => {
    const page = await connect();
    page.pause();
    // Sockets of the system take some megabytes before anything is left with the host.
    for (let told = 0; told < 200; told++) tabs.tell(progress);
    const behind = end.bufferedAmount;
    expect(behind).toBeLessThan(8 * 1024 ** 2);
    tabs.tell(changed);
    expect(end.bufferedAmount).toBeGreaterThan(behind);
    const found: ServiceEvent = { kind: 'found', faces: Array(200_000).fill(1_000_000) };
    while (end.readyState === WebSocket.OPEN) {
      tabs.tell(found);
      expect(end.bufferedAmount).toBeLessThan(80 * 1024 ** 2);
    }
  });

  it('that asks faster than it is answered waits, and every request is answered once', async () => {
    // All of this happens in one process, which has no time for beats meanwhile.
    tabs.close();
    tabs = new Tabs((name, params) => answer(name, params));
    const page = await connect();
    let [running, most] = [0, 0];
    const { promise: go, resolve: release } = Promise.withResolvers<void>();
    answer = async () => {
      running += 1;
      most = Math.max(most, running);
      await go;
      running -= 1;
      return { ok: true, result: {} };
    };
    const replies: number[] = [];
    page.on('message', (data) => replies.push(JSON.parse(String(data)).id));
    const ids = Array.from({ length: 3000 }, (_, id) => id);
    const params = 'x'.repeat(4000);
    for (const id of ids) page.send(JSON.stringify({ id, name: 'x', params }));
    while (!end.isPaused || page.bufferedAmount === 0) await pause(10);
    release();
    while (replies.length < ids.length) await once(page, 'message');
    expect(replies.toSorted((a, b) => a - b)).toEqual(ids);
    // What came in one piece with the last request is begun with it.
    expect(most).toBeLessThan(1000);
  });
});
