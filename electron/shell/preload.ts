import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { ShellBridge } from '../contract/shell.ts';
import { CALL, COMMAND, DRAG, EVENT } from './channels.ts';

// All that the page gets of Electron. It runs sandboxed, before the page, in a world of its own; Vite makes one
// CommonJS file of it.

/** Only what was sent goes on to the page: an event of Electron's would hand it the sender. */
function listen<T>(channel: string, listener: (sent: T) => void): () => void {
  const passOn = (_event: IpcRendererEvent, sent: T) => listener(sent);
  ipcRenderer.on(channel, passOn);
  return () => void ipcRenderer.off(channel, passOn);
}

const bridge: ShellBridge = {
  call: (name, params, seen) => ipcRenderer.invoke(CALL, name, params, seen),
  on: (listener) => listen(EVENT, listener),
  onCommand: (listener) => listen(COMMAND, listener),
  pathForFile: (file) => webUtils.getPathForFile(file) || null,
  startDrag: (face) => ipcRenderer.send(DRAG, face),
  platform: process.platform,
};

contextBridge.exposeInMainWorld('kith', bridge);
