import type { WebSocket } from 'ws';
import type { ServiceEvent } from '../../contract/events.ts';
import type { Answer } from '../../service/app/shell-door.ts';
import { Tab } from './tab.ts';

/** How often every page is asked whether it is still there, in milliseconds. Chosen by hand. */
const HEARTBEAT = 30_000;

/** All pages that are connected. Each gets every event, whichever page caused it. */
export class Tabs {
  readonly #answer: Answer;
  readonly #tabs = new Set<Tab>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(answer: Answer, heartbeat = HEARTBEAT) {
    this.#answer = answer;
    this.#heartbeat = setInterval(() => {
      for (const tab of this.#tabs) tab.beat();
    }, heartbeat);
  }

  add(socket: WebSocket): void {
    const tab = new Tab(socket, this.#answer);
    this.#tabs.add(tab);
    socket.on('close', () => this.#tabs.delete(tab));
  }

  tell(event: ServiceEvent): void {
    const text = JSON.stringify({ event });
    for (const tab of this.#tabs) tab.tell(event.kind, text);
  }

  /** Closes the connections of all pages. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const tab of this.#tabs) tab.close();
  }
}
