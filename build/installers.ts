/** `npm run installers`: makes installers of the folder that `npm run package` left. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
const { platform, arch } = process;
const folder = `out/Kith-${platform}-${arch}`;

const { status } = spawnSync(
  process.execPath,
  [
    resolve(project, 'node_modules/electron-builder/cli.js'),
    ...['--prepackaged', platform === 'darwin' ? `${folder}/Kith.app` : folder],
    ...['--config', 'build/electron-builder.yml', '--publish', 'never'],
  ],
  { cwd: project, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
