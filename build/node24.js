// Plain JavaScript that any Node understands: hands a TypeScript entry to a Node that can run it.
//     node build/node24.js build/start.ts [arguments]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));

// TypeScript is stripped once, and compiled once: the owner of a library and the threads, which take this over, start
// in half the time.
process.env.NODE_COMPILE_CACHE ??= join(project, 'node_modules', '.cache', 'stripped');

/** Runs `entry` (relative to the project) in this process if its Node is 24 or newer, else in the project's own. */
export async function runUnderNode24(entry, words) {
  const file = join(project, entry);
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    process.argv = [process.argv[0], file, ...words];
    endWithNpm(() => process.kill(process.pid, 'SIGTERM'));
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
    await import(pathToFileURL(file).href);
    return;
  }
  const node = join(
    project,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(node)) {
    console.error(
      `Kith needs Node 24, and this is Node ${process.versions.node}. Run "npm ci" in ${project}: it installs one beside Kith. If it did, npm was told not to run install scripts; allow the one of the package "node".`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [file, ...words], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; this process waits for how it ends.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  }
  endWithNpm(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}

/**
 * npm hands a signal to the shell that it runs scripts in, and that shell ends without handing it on: a program that
 * serves until it is told to end would serve for ever.
 */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
}

const [, self, entry, ...words] = process.argv;
if (self !== undefined && resolve(self) === fileURLToPath(import.meta.url)) {
  await runUnderNode24(entry, words);
}
