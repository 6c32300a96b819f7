import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { KithError } from '../../contract/errors.ts';
import { log } from '../../log/log.ts';
import type { App } from '../../service/app/app.ts';
import { type Desktop, openDoor } from '../../service/app/shell-door.ts';
import { say } from '../output.ts';
import { Admission } from './admission.ts';
import { desktop } from './desktop.ts';
import { guard, type Site, siteAt } from './guard.ts';
import { headers } from './headers.ts';
import { PAGE, page } from './page.ts';
import { pictures } from './pictures.ts';
import { Tabs } from './tabs.ts';

/** Longest frame that a page may send, in bytes: enough to name 400,000 faces in one request. */
const LONGEST_FRAME = 4 * 1024 ** 2;

/** How long pages and running pictures get to end, in milliseconds. Chosen by hand. */
const LEAVE = 500;

export interface WebHostOptions {
  /** A free one where not given. */
  port?: number | undefined;
  /** Folder of the built page. */
  page?: string;
  desktop?: Desktop;
}

export interface WebHost {
  readonly port: number;
  /** The address that the user opens; good until the host ends. */
  readonly address: string;
  /** An address that is good for one visit within two minutes, for command lines that other users may read. */
  ticket(): string;
  /** Closes the connections of all pages. The application goes on. */
  close(): Promise<void>;
}

/**
 * Serves the page, its pictures and its socket, on this machine alone.
 *
 * @throws KithError bad-request where the port is taken
 */
export async function startWebHost(app: App, options: WebHostOptions = {}): Promise<WebHost> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_FRAME });
  const server = createAdaptorServer({
    fetch: (request, env) => routes.fetch(request, env),
    // The same but for an `undefined` that only one of the two typings writes down.
    websocket: { server: sockets as WebSocketServerLike },
    overrideGlobalObjects: false,
    // Other upgrades than to a socket are not offered, so such a request is answered as if it had asked for none.
    serverOptions: {
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
  }) as Server;
  const site = await listen(server, options.port ?? 0);
  const admission = new Admission();
  const routes = routesOf(app, site, admission, options.page ?? PAGE);

  const tabs = new Tabs(openDoor(app, options.desktop ?? desktop));
  sockets.on('connection', (socket) => tabs.add(socket));
  const stop = app.on((event) => tabs.tell(event));

  const entrance = (token: string) => `${site.origin}/?token=${token}`;
  return {
    port: site.port,
    address: entrance(admission.token),
    ticket: () => entrance(admission.ticket()),
    async close() {
      stop();
      tabs.close();
      const closed = once(server, 'close');
      server.close();
      const impatience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, LEAVE);
      await closed;
      clearTimeout(impatience);
    },
  };
}

function routesOf(app: App, site: Site, admission: Admission, folder: string): Hono {
  return new Hono()
    .use(headers(site))
    .use(guard(site, admission))
    .get(
      '/socket',
      upgradeWebSocket(() => ({})),
    )
    .route('/', pictures(app))
    .use(page(folder))
    .notFound((c) => c.text('There is nothing here.', 404))
    .onError((error, c) => {
      log.failure('request.failed', error, {});
      say(`Kith failed where it should not: ${error.stack}`);
      return c.text('Kith failed where it should not.', 500);
    });
}

async function listen(server: Server, port: number): Promise<Site> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new KithError('bad-request', `Port ${port} can't be used (${(error as Error).message})`, {
      cause: error,
    });
  }
  return siteAt((server.address() as AddressInfo).port);
}
