import { z } from 'zod';
import { Path } from './bounds.ts';
import type { Reply, ServiceEvent } from './events.ts';
import type { Destination } from './places.ts';

/**
 * What a page may ask of the shell that it runs in, rather than of the application: whatever needs the desktop around
 * it. The browser host and Electron answer alike.
 */
export const shellRequests = {
  /** Shows a folder in the desktop's file manager: one of the library's, or one that Kith exported to. */
  'shell.reveal': { params: z.object({ folder: Path }), result: z.object({}) },
  /** The desktop's dialog for a folder; null: none was chosen. The browser host has no dialog and refuses. */
  'shell.chooseFolder': { params: z.object({}), result: z.object({ path: z.string().nullable() }) },
} as const;

export type ShellRequestName = keyof typeof shellRequests;
export type ShellParams<N extends ShellRequestName> = z.input<(typeof shellRequests)[N]['params']>;
export type ShellResult<N extends ShellRequestName> = z.output<(typeof shellRequests)[N]['result']>;

export const ShellRequestName = z.enum(
  Object.keys(shellRequests) as [ShellRequestName, ...ShellRequestName[]],
);

/**
 * What a menu of the desktop tells the page to do; the page's own commands are called the same. `undo` and `redo` are of
 * the text field that has the focus, and else of the journal.
 */
export type MenuCommand = 'undo' | 'redo' | 'palette' | 'keys' | `go.${Destination}`;

/** `window.kith`, which the page has in Electron and nowhere else. */
export interface ShellBridge {
  /**
   * One of the contract's requests or of the shell's.
   * @param seen the position that the page has seen, as the last reply told it; null or absent: unknown
   */
  call(name: string, params: unknown, seen?: number | null): Promise<Reply>;
  /** Tells what happens from now on. @returns stops it */
  on(listener: (event: ServiceEvent) => void): () => void;
  /** Tells what is chosen from the menu from now on. @returns stops it */
  onCommand(listener: (command: MenuCommand) => void): () => void;
  /** Where a dropped file or folder lies; null where it lies nowhere. */
  pathForFile(file: File): string | null;
  /** Lets a face's crop be dragged out of the window; to be called in `dragstart`, whose default is prevented. */
  startDrag(face: number): void;
  /** As `process.platform`. */
  platform: string;
}
