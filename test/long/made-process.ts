import type { Spawn } from '../../electron/vision/vision-process.ts';
import { madeVision } from './made-vision.ts';

/** A vision process that is none: `madeVision` in this very process, for hundreds of scans within a minute. */
export const madeProcess: Spawn = () => {
  const vision = madeVision();
  let onReply: (reply: unknown) => void = () => {};
  let onExit: (how: string) => void = () => {};
  let isGone = false;
  return {
    send(request) {
      vision.answer(request).then((reply) => {
        if (!isGone) onReply(reply);
      });
    },
    onReply(listener) {
      onReply = listener;
    },
    onExit(listener) {
      onExit = listener;
    },
    kill() {
      isGone = true;
      setImmediate(() => onExit('SIGKILL'));
    },
  };
};
