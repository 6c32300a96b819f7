import type { VisionReply } from '../contract/vision.ts';

/** The way to the shell, whichever shell it is. */
export interface Port {
  send(reply: VisionReply): void;
  /** Requests come as they were sent, not yet checked. */
  listen(onRequest: (request: unknown) => void): void;
}

/** What of Electron's `MessagePortMain` is needed. */
interface MessagePort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}

/** What Electron's `utilityProcess` has in place of Node's channel (its `ParentPort`). */
interface ParentPort {
  on(event: 'message', listener: (event: { ports: MessagePort[] }) => void): void;
}

export function pickPort(): Port {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
  return parentPort ? electronPort(parentPort) : nodePort();
}

/** The main process only starts the process: its first message brings the port of whoever asks. */
function electronPort(parent: ParentPort): Port {
  let port: MessagePort | undefined;
  return {
    send: (reply) => port?.postMessage(reply),
    listen(onRequest) {
      parent.on('message', ({ ports }) => {
        if (port) return;
        port = ports[0];
        port?.on('message', ({ data }) => onRequest(data));
        // Whoever asks is gone, and nobody waits for what is still in work. An orderly exit waits for it, and was seen to hang
        // while threads of sharp's WebAssembly build had a photo in hand.
        port?.on('close', () => process.kill(process.pid, 'SIGKILL'));
        port?.start();
      });
    },
  };
}

function nodePort(): Port {
  return {
    send: (reply) => process.send?.(reply),
    listen(onRequest) {
      process.on('message', onRequest);
      // The shell is gone: nobody waits for what is still in work.
      process.on('disconnect', () => process.exit());
    },
  };
}
