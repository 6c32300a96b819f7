import { z } from 'zod';

/**
 * What a page may ask of the shell that it runs in, rather than of the application: whatever needs the desktop around
 * it. The browser host and Electron answer alike.
 */
export const shellRequests = {
  /** Shows a folder in the desktop's file manager: one of the library's, or one that Kith exported to. */
  'shell.reveal': { params: z.object({ folder: z.string() }), result: z.object({}) },
  /** The desktop's dialog for a folder; null: none was chosen. The browser host has no dialog and refuses. */
  'shell.chooseFolder': { params: z.object({}), result: z.object({ path: z.string().nullable() }) },
} as const;

export type ShellRequestName = keyof typeof shellRequests;
export type ShellParams<N extends ShellRequestName> = z.input<(typeof shellRequests)[N]['params']>;
export type ShellResult<N extends ShellRequestName> = z.output<(typeof shellRequests)[N]['result']>;

export const ShellRequestName = z.enum(
  Object.keys(shellRequests) as [ShellRequestName, ...ShellRequestName[]],
);
