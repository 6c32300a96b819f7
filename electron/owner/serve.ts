import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import { log } from '../log/log.ts';
import type { App } from '../service/app/app.ts';
import type { OwnerAddress } from './address.ts';
import { Peer } from './peer.ts';
import { VERSION } from './version.ts';

/** Longest frame that a peer may send, in bytes: examples for a hundred thousand faces. Chosen by hand. */
const LONGEST_FRAME = 16 * 1024 ** 2;

/** How long an owner waits for its first connection, in milliseconds. Chosen by hand. */
const FIRST = 15_000;

export interface Served {
  /** Resolves once all peers have left. */
  readonly deserted: Promise<void>;
  /** Ends what is left of the connections. */
  close(): Promise<void>;
}

/** Answers processes of this user that connect to the owner's socket, and sends them all events. */
export async function serveOwner(app: App, address: OwnerAddress): Promise<Served> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_FRAME,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  const deserted = Promise.withResolvers<void>();
  const peers = new Set<Peer>();
  let isLeaving = false;
  let count = 0;

  function leave(): void {
    if (isLeaving) return;
    isLeaving = true;
    // A process that connects from now on finds no owner, and starts one.
    server.close();
    deserted.resolve();
  }

  const present = new Set<Peer>();
  server.on('upgrade', (request, socket, head) => {
    if (isLeaving || !isAllowed(request, address.token)) {
      log.note('peer.refused', {});
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      clearTimeout(patience);
      count += 1;
      const peer = new Peer(connection, app, String(count), (gone) => {
        if (!present.delete(gone)) return;
        log.note('peer.left', { peers: present.size });
        // The last one waits until the library is closed.
        if (present.size === 0) leave();
        else gone.close();
      });
      peers.add(peer);
      present.add(peer);
      log.note('peer.joined', { peers: present.size });
      connection.once('close', () => peers.delete(peer));
      connection.send(JSON.stringify({ hello: { version: VERSION, position: app.position } }));
    });
  });
  const stop = app.on((event) => {
    const text = JSON.stringify({ event });
    for (const peer of peers) peer.tell(event.kind, text);
  });
  server.listen(address.path);
  await once(server, 'listening');
  if (process.platform !== 'win32') await chmod(address.path, 0o600);
  const patience = setTimeout(leave, FIRST);

  return {
    deserted: deserted.promise,
    async close() {
      leave();
      clearTimeout(patience);
      stop();
      for (const peer of peers) peer.close();
      sockets.close();
      server.closeAllConnections();
    },
  };
}

/** Whether a request has the token. The comparison takes the same time wherever the two differ. */
function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const [given, expected] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
