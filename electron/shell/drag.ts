import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeImage, WebContents } from 'electron';
import { FaceId } from '../contract/ids.ts';
import type { App } from '../service/app/app.ts';

/** What goes along with the pointer, in points. */
const UNDER_POINTER = 96;

export interface Drags {
  /** Lets a face's crop be dragged out of the window as a JPEG. Nothing happens for what is no face of the library. */
  start(contents: Pick<WebContents, 'startDrag' | 'isDestroyed'>, face: unknown): Promise<void>;
  /** Removes what was handed out: who received a file has a copy of it. */
  close(): void;
}

export function drags(app: App, toImage: (jpeg: Buffer) => NativeImage): Drags {
  const folder = mkdtempSync(join(tmpdir(), 'kith-drag-'));
  return {
    async start(contents, asked) {
      const { success, data: face } = FaceId.safeParse(asked);
      const picture = success ? await app.picture('crop', face) : null;
      // The window may be gone by now, and Electron ends with an error where it is.
      if (!picture?.bytes || contents.isDestroyed()) return;
      const jpeg = Buffer.from(picture.bytes);
      const file = join(folder, `face-${face}.jpg`);
      writeFileSync(file, jpeg);
      contents.startDrag({ file, icon: toImage(jpeg).resize({ width: UNDER_POINTER }) });
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
