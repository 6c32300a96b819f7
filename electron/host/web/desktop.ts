import open from 'open';
import { KithError } from '../../contract/errors.ts';
import type { Desktop } from '../../service/app/shell-door.ts';

/** Whether this machine has a display to open a browser on: a server or CI has none. */
export function hasDesktop(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.CI) return false;
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** The desktop of a host that has no window of its own. */
export const desktop: Desktop = {
  shell: 'browser',
  async showFolder(path) {
    if (!hasDesktop()) throw new KithError('bad-request', `There is no display here to show ${path} on`);
    await open(path);
  },
};

/** Opens the default browser. @returns whether there was one to open */
export async function openBrowser(address: string): Promise<boolean> {
  if (!hasDesktop()) return false;
  return open(address).then(
    () => true,
    () => false,
  );
}
