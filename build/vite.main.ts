import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const project = resolve(import.meta.dirname, '..');

/** What is started by path: the main process, the library's owner, the vision process, the threads of the service. */
const ENTRIES = [
  'electron/shell/main.ts',
  'electron/shell/owner-entry.ts',
  'electron/shell/vision-entry.ts',
  'electron/service/copy-worker.ts',
  'electron/service/import-worker.ts',
  'electron/service/label-worker.ts',
  'electron/service/learn-worker.ts',
  'electron/service/load-matching-worker.ts',
];

/**
 * All that runs outside the page, for Electron: the sources as JavaScript, file by file in the folders they came from,
 * so that whatever a module finds beside itself is there. Packages stay packages; the packed app brings them along.
 */
export default defineConfig({
  plugins: [besideThemselves()],
  build: {
    // Node's conventions, not a browser's: `import.meta.url` stays, packages are left outside.
    ssr: true,
    emitAssets: true,
    target: 'node24',
    // The trace of a defect shall be readable.
    minify: false,
    lib: { entry: ENTRIES.map((entry) => join(project, entry)), formats: ['es'] },
    rolldownOptions: {
      // Everything that is no path.
      external: [/^(?![./]|[A-Za-z]:[\\/]|\0)/],
      output: {
        preserveModules: true,
        preserveModulesRoot: project,
        entryFileNames: '[name].js',
      },
    },
  },
});

/** Names of modules in addresses follow them to JavaScript, and the files that modules read come along. */
function besideThemselves(): Plugin {
  return {
    name: 'kith:beside-themselves',
    renderChunk: (code) =>
      code.replace(/(new URL\(\s*["']\.{1,2}\/[^"']+)\.ts(["'],\s*import\.meta\.url)/g, '$1.js$2'),
    async buildStart() {
      for (const fileName of globSync('{electron,models}/**/*.{json,md,proto}', { cwd: project })) {
        const source = await readFile(join(project, fileName));
        this.emitFile({ type: 'asset', fileName: fileName.replaceAll('\\', '/'), source });
      }
    },
  };
}
