import { dirname } from 'node:path';
import { z } from 'zod';
import { KithError } from '../../contract/errors.ts';
import type { Reply } from '../../contract/events.ts';
import type { Overview } from '../../contract/screens.ts';
import { type ShellParams, ShellRequestName, type ShellResult, shellRequests } from '../../contract/shell.ts';
import { realFolder } from '../walk.ts';
import type { App, CallOptions } from './app.ts';
import { failureOf, mistakesOf, replyTo } from './door.ts';

/** What a shell can do with the desktop that it runs on. */
export interface Desktop {
  /** Which shell this is, as its page is told. */
  readonly shell: Overview['shell'];
  /** Shows a folder in the file manager. @throws KithError where there is no desktop to show it on */
  showFolder(path: string): Promise<void>;
  /** Asks for a folder in a dialog; null where none was chosen. Absent where there are no dialogs. */
  chooseFolder?(): Promise<string | null>;
}

/** Answers a request that came over a wire, to the application or to the shell itself. Never throws. */
export type Answer = (
  name: unknown,
  params: unknown,
  asked?: Pick<CallOptions, 'sender' | 'seen'>,
) => Promise<Reply>;

/** Answers the requests of the application and those of the shell in one place. */
export function openDoor(app: App, desktop: Desktop): Answer {
  /** Folders that pages have exported to since the start. */
  const exported = new Set<string>();

  const handlers: { [N in ShellRequestName]: (params: ShellParams<N>) => Promise<ShellResult<N>> } = {
    'shell.chooseFolder': async () => {
      if (!desktop.chooseFolder) throw new KithError('bad-request', 'There is no dialog here to choose with');
      return { path: await desktop.chooseFolder() };
    },

    'shell.reveal': async ({ folder }) => {
      const real = await realFolder(folder);
      const { file } = await app.call('library.overview', {});
      const folders = await app.call('folders.list', {});
      const known = [dirname(file), ...exported, ...folders.map(({ path }) => path)];
      for (const path of known) {
        if ((await realFolder(path).catch(() => null)) !== real) continue;
        await desktop.showFolder(real);
        return {};
      }
      throw new KithError(
        'bad-request',
        `Expected a folder of the library, or one that was exported to, but received ${folder}`,
      );
    },
  };

  return async (name, params, asked) => {
    const own = ShellRequestName.safeParse(name);
    if (!own.success) {
      const reply = await replyTo(app, name, params, asked);
      if (reply.ok && name === 'library.overview') {
        // The application may serve pages of several shells.
        return { ...reply, result: { ...(reply.result as Overview), shell: desktop.shell } };
      }
      if (reply.ok && String(name).startsWith('export.')) {
        const written = Exported.safeParse(reply.result);
        if (written.success) exported.add(written.data.folder);
      }
      return reply;
    }
    const parsed = shellRequests[own.data].params.safeParse(params);
    if (!parsed.success) {
      const detail = `${own.data}: ${mistakesOf(parsed.error)}`;
      return { ok: false, failure: { code: 'bad-request', detail } };
    }
    // The name decides both types at once, which TypeScript can't follow through a union.
    const handler = handlers[own.data] as (params: unknown) => Promise<unknown>;
    try {
      return { ok: true, result: await handler(parsed.data) };
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  };
}

/** What every export answers with. */
const Exported = z.object({ folder: z.string() });
