import { setTimeout as wait } from 'node:timers/promises';
import type { MessageChannelMain, MessagePortMain, utilityProcess } from 'electron';
import type { OwnerStart, StartOwner } from '../owner/messages.ts';
import type { App } from '../service/app/app.ts';
import { type Child, startChild } from './child.ts';
import { FromOwner, type ToOwner } from './owner-messages.ts';
import { startVision, type Vision } from './vision.ts';

/** How long an owner may take to close the library when the app quits, in milliseconds; as long as others wait for it. */
const PATIENCE = 30_000;

export interface OwnerOptions {
  fork: typeof utilityProcess.fork;
  Channel: typeof MessageChannelMain;
  /** What the processes run. */
  entries: { owner: URL; vision: URL };
  /** Milliseconds; for tests. */
  patience?: number | undefined;
}

export interface OwnerProcesses {
  start: StartOwner;
  /** Lets go of the application, and resolves once an owner of ours has closed the library, or was ended. */
  quit(app: Pick<App, 'close'>): Promise<void>;
}

interface Owner {
  child: Child;
  /** Closes when this process has ended, however that was; held here, for a port that nobody holds may be closed. */
  lifeline: MessagePortMain;
}

/** The owner of the library as a utility process of Electron, with the vision processes that it asks for. */
export function ownerProcesses(options: OwnerOptions): OwnerProcesses {
  const { fork, Channel, entries, patience = PATIENCE } = options;
  const running = new Set<Owner>();

  function start(...[setup]: Parameters<StartOwner>): Promise<OwnerStart> {
    const { port1: lifeline, port2 } = new Channel();
    const child = startChild(fork, entries.owner, 'Kith library');
    const owner = { child, lifeline };
    running.add(owner);
    const tell = (message: ToOwner, ports?: MessagePortMain[]) => child.send(message, ports);
    const opened = Promise.withResolvers<OwnerStart>();
    const visions = new Map<number, Vision>();

    child.onMessage((received) => {
      const message = FromOwner.parse(received);
      switch (message.kind) {
        case 'opened':
          opened.resolve(message.start);
          // It is no owner, and waits until this was heard.
          if (message.start.kind !== 'listening') tell({ kind: 'quit' });
          break;
        case 'start':
          provide(message.id);
          break;
        case 'kill':
          visions.get(message.id)?.kill();
      }
    });
    function provide(id: number): void {
      const vision = startVision(fork, Channel, entries.vision);
      visions.set(id, vision);
      tell({ kind: 'started', id }, [vision.port]);
      void vision.ended.then((how) => {
        visions.delete(id);
        tell({ kind: 'ended', id, how });
      });
    }
    void child.ended.then((how) => {
      running.delete(owner);
      lifeline.close();
      for (const vision of visions.values()) vision.kill();
      opened.reject(new Error(`The owner of the library ended at once (${how})`));
    });
    tell({ kind: 'setup', setup }, [port2]);
    return opened.promise;
  }

  return {
    start,
    async quit(app) {
      // First, so that it starts no other when this one ends.
      const left = app.close();
      const owners = [...running].map(({ child }) => child);
      for (const child of owners) child.send({ kind: 'quit' } satisfies ToOwner);
      const gone = Promise.allSettled([left, ...owners.map(({ ended }) => ended)]);
      await Promise.race([gone, wait(patience)]);
      for (const child of owners) child.kill();
    },
  };
}
