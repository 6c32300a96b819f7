import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { RequestFrame } from '../contract/wire.ts';
import type { Answer } from '../service/app/shell-door.ts';
import { CALL, DRAG } from './channels.ts';
import { isOwnPage } from './security.ts';

const Seen = RequestFrame.shape.seen;

export interface DoorOptions {
  ipc: Pick<IpcMain, 'handle' | 'on'>;
  /** Answers what the page asks, and believes nothing of it. */
  answer: Answer;
  drag(contents: WebContents, face: unknown): Promise<void>;
}

/** The only place that listens to the page, and to nobody else: whoever is not the page gets an error. */
export function listenToPage({ ipc, answer, drag }: DoorOptions): void {
  ipc.handle(CALL, async (event, name: unknown, params: unknown, seen: unknown) => {
    requirePage(event);
    return answer(name, params, { sender: String(event.sender.id), seen: Seen.parse(seen) });
  });
  ipc.on(DRAG, (event, face: unknown) => {
    requirePage(event);
    void drag(event.sender, face);
  });
}

function requirePage({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): void {
  if (!isOwnPage(senderFrame)) throw new Error('Expected the page as sender but received another frame');
}
