/** `npm start [-- <folder>]`: groups the faces of a folder, or of six photos that come with a package. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, stat, utimes } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { Exit, endQuietlyWithReader, print, say } from '../electron/host/output.ts';
import { fromHere, shown } from '../electron/host/paths.ts';
import { run } from '../electron/host/run.ts';

const project = resolve(import.meta.dirname, '..');
const data = envPaths('kith', { suffix: '' }).data;

/** The photos of three to five people each that @vladmandic/face-api shows its own work on (MIT). */
const samples = join(project, 'node_modules', '@vladmandic', 'face-api', 'demo');
const names = [1, 2, 3, 4, 5, 6].map((number) => `sample${number}.jpg`);

async function demonstrate(): Promise<number> {
  const home = join(data, 'demo');
  const photos = join(home, 'photos');
  await print(
    'No folder was given (npm start -- <folder>), so this is a demonstration:\nthe six group photos inside the package @vladmandic/face-api.\n',
  );
  await copySamples(photos);
  const [crops, annotated] = [join(home, 'crops'), join(home, 'annotated')];
  const status = await run([
    'group',
    photos,
    ...['--library', join(home, 'library.kith')],
    ...['--crops', crops],
    ...['--annotate', annotated],
  ]);
  if (status === Exit.done) await print(`\nLook at the photos with boxes first: ${shown(annotated)}`);
  return status;
}

/** The package's folder holds screenshots too, which are nobody's photos. */
async function copySamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const [from, to] = [join(samples, name), join(folder, name)];
    const { size, atime, mtime } = await stat(from);
    const there = await stat(to).catch(() => null);
    if (there?.size === size) continue;
    await copyFile(from, to);
    await utimes(to, atime, mtime);
  }
}

/** Crops go to a place of the folder's own, so that those of two folders never mix. */
function groupFolder(folder: string): Promise<number> {
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const results = join(data, 'results', `${basename(folder)}-${mark}`);
  return run(['group', folder, '--crops', join(results, 'crops')]);
}

async function main([folder, ...more]: string[]): Promise<number> {
  if (more.length > 0 || folder?.startsWith('-')) {
    say('Expected at most one folder: npm start -- <folder>. For more, see: npm run -s kith -- --help');
    return Exit.refused;
  }
  return folder === undefined ? demonstrate() : groupFolder(fromHere(folder));
}

endQuietlyWithReader();
process.exitCode = await main(process.argv.slice(2));
