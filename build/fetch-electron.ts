import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';

const home = resolve(import.meta.dirname, '../node_modules/electron');

/** How long a download that failed is not tried again, in milliseconds: a day, as the README says. */
const REST = 24 * 60 * 60 * 1000;

/** What the installer's process tells of its download (watched-fetch.ts). */
export type FetchNote =
  | { kind: 'progress'; host: string; done: number; total: number | null }
  | { kind: 'failed'; why: string };

/** A download under way, in bytes. */
export interface Fetching {
  host: string;
  done: number;
  /** null where the server did not say. */
  total: number | null;
}

/**
 * Fetches Electron's program by its package's own installer, which holds the archive to the hashes that came with the
 * package, and keeps it in Electron's own cache. Mirror, proxies and certificates are those of npm and the environment.
 *
 * @returns why it is not here, as the middle of a sentence, or null where it is
 */
export async function fetchElectron(onProgress: (fetching: Fetching) => void): Promise<string | null> {
  const env = installerEnv(process.env);
  const from = originOf(env);
  if (restsSince(from) !== null) return 'a download failed within the last day';
  const why = await install(env, onProgress);
  if (why === null) return null;
  rest(from);
  return why;
}

function install(env: NodeJS.ProcessEnv, onProgress: (fetching: Fetching) => void): Promise<string | null> {
  const watched = new URL('./watched-fetch.ts', import.meta.url);
  const child = fork(join(home, 'install.js'), [], {
    env,
    execArgv: ['--import', watched.href],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Ctrl-C ends both at once; whoever ends this process alone ends the download as well.
  const stop = () => child.kill();
  process.once('exit', stop);
  let why: string | null = null;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  child.on('message', (note: FetchNote) => {
    if (note.kind === 'progress') onProgress(note);
    else why = note.why;
  });
  return new Promise((done) => {
    const end = (failure: string | null) => {
      process.off('exit', stop);
      done(failure);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (status) => end(status === 0 ? null : (why ?? firstOf(complaint, status))));
  });
}

/** What the installer complained of, in a few words. */
function firstOf(complaint: string, status: number | null): string {
  if (/checksum/i.test(complaint)) return "what came is not what Electron's package expects";
  const line = complaint.split('\n').find((line) => /^\w*Error\b.*: /.test(line));
  return line?.replace(/^\w*Error\b[^:]*: /, '') ?? `its installer ended with ${status}`;
}

/**
 * The environment for the installer: what npm was told of proxies and certificates, as Node understands it. What the
 * environment itself says comes first, as it does for npm.
 */
export function installerEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { npm_config_https_proxy: https, npm_config_proxy: http, npm_config_noproxy: no } = env;
  const { npm_config_cafile: certificates } = env;
  const either = (name: string, other: string | undefined) => {
    const said = env[name.toLowerCase()] || env[name] || other;
    return said ? { [name.toLowerCase()]: said, [name]: said } : {};
  };
  return {
    ...env,
    ...either('HTTPS_PROXY', https || http),
    ...either('HTTP_PROXY', http),
    ...either('NO_PROXY', no),
    ...(certificates && !env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: certificates } : {}),
    NODE_USE_ENV_PROXY: '1',
    // A proxy that looks into what passes has its certificate in the system's store.
    NODE_USE_SYSTEM_CA: '1',
    // Its bar would come after 30 s, and on a terminal only; Kith shows its own.
    ELECTRON_GET_NO_PROGRESS: '1',
  };
}

/** All that decides where a download comes from: with another mirror or proxy it is tried at once. */
function originOf(env: NodeJS.ProcessEnv): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const said = Object.entries(env)
    .filter(([name]) => /^(npm_config_|npm_package_config_)?electron_|^(https?|no)_proxy$/i.test(name))
    .map(([name, value]) => `${name.toLowerCase()}=${value}`);
  // As a hash: a proxy's address may hold a password.
  return createHash('sha256')
    .update([version, ...[...new Set(said)].sort()].join('\n'))
    .digest('hex');
}

/** Where a failure is kept: beside the cache of models, so that no copy of the project asks again. */
function noteFile(): string {
  return join(envPaths('kith', { suffix: '' }).cache, 'electron-not-fetched.json');
}

/** When the last download from there failed, in milliseconds; null where it may be tried. */
function restsSince(from: string): number | null {
  try {
    const note = JSON.parse(readFileSync(noteFile(), 'utf8')) as { at?: unknown; from?: unknown };
    const since = Date.now() - Number(note.at);
    return note.from === from && since >= 0 && since < REST ? Number(note.at) : null;
  } catch {
    // None failed yet, or the note is damaged.
    return null;
  }
}

function rest(from: string): void {
  try {
    mkdirSync(dirname(noteFile()), { recursive: true });
    writeFileSync(noteFile(), `${JSON.stringify({ at: Date.now(), from })}\n`);
  } catch {
    // It is tried again next time, then.
  }
}
