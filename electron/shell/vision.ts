import type { MessageChannelMain, MessagePortMain, utilityProcess } from 'electron';
import { type Child, startChild } from './child.ts';

/** A running vision process, and the end of its channel that whoever asks it talks through. */
export interface Vision extends Child {
  port: MessagePortMain;
}

/**
 * Starts a vision process as a utility process of Electron. What it is asked and answers goes through a channel of its
 * own, whose end may be handed on to another process: the main process then carries none of it.
 */
export function startVision(
  fork: typeof utilityProcess.fork,
  Channel: typeof MessageChannelMain,
  entry: URL,
): Vision {
  const { port1, port2 } = new Channel();
  const child = startChild(fork, entry, 'Kith vision');
  child.send({ kind: 'port' }, [port2]);
  return { ...child, port: port1 };
}
