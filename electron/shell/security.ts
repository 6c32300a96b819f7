import type { Session, WebContents, WebFrameMain, WebPreferences } from 'electron';

/** Where the page comes from; never a file, never the web. */
export const ORIGIN = 'kith://app';

/** What the page may do: all that it needs beyond a web page's means goes through the preload script. */
export const PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Its dictionaries would be downloaded from Google.
  spellcheck: false,
} as const satisfies WebPreferences;

/** Whom the page may send people to, in the browser of their choice. */
const OUTSIDE = new Set(['https://github.com', 'https://opensource.org', 'https://creativecommons.org']);

/** Whether a message comes from the page itself: the main frame, of exactly our origin, and still there. */
export function isOwnPage(frame: Pick<WebFrameMain, 'parent' | 'origin'> | null): boolean {
  try {
    return frame !== null && frame.parent === null && frame.origin === ORIGIN;
  } catch {
    // A frame that is gone throws.
    return false;
  }
}

export function isAllowedOutside(address: string): boolean {
  return URL.canParse(address) && OUTSIDE.has(new URL(address).origin);
}

/** Denies every permission and every download, and keeps all requests on this machine. */
export function lockSession(
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'on'
    | 'webRequest'
  >,
): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !staysHere(url) }));
}

/** `devtools:` are the developer tools, which packed apps don't open. */
function staysHere(address: string): boolean {
  return address.startsWith(`${ORIGIN}/`) || /^(blob|data|devtools):/.test(address);
}

/** Keeps the page where it is: it opens no window and goes nowhere; what is allowed opens in the browser. */
export function keepInPlace(
  contents: Pick<WebContents, 'setWindowOpenHandler' | 'on'>,
  openOutside: (address: string) => void,
): void {
  const goOutside = (address: string) => {
    if (isAllowedOutside(address)) openOutside(address);
  };
  contents.setWindowOpenHandler(({ url }) => {
    goOutside(url);
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
    if (event.isMainFrame) goOutside(event.url);
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
