import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** The preload script, beside the main process: one CommonJS file, as a sandboxed one must be. */
export default defineConfig({
  build: {
    target: 'es2024',
    minify: false,
    rolldownOptions: {
      input: resolve(import.meta.dirname, '../electron/shell/preload.ts'),
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'electron/shell/preload.cjs' },
    },
  },
});
