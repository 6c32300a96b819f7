import type { VisionReply } from '../contract/vision.ts';

/** The way to the shell, whichever shell it is. */
export interface Port {
  send(reply: VisionReply): void;
  /** Requests come as they were sent, not yet checked. */
  listen(onRequest: (request: unknown) => void): void;
}

/** What Electron's `utilityProcess` has in place of Node's channel (its `ParentPort`). */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

export function pickPort(): Port {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
  return parentPort ? electronPort(parentPort) : nodePort();
}

function electronPort(parent: ParentPort): Port {
  return {
    send: (reply) => parent.postMessage(reply),
    listen: (onRequest) => parent.on('message', ({ data }) => onRequest(data)),
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
