import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const project = resolve(import.meta.dirname, '..');

/** The page: `renderer/` → `dist/page`, the same files for the window and for the browser. */
export default defineConfig({
  root: resolve(project, 'renderer'),
  // Relative addresses: the window serves the page under another scheme than the browser host.
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: resolve(project, 'dist/page'),
    emptyOutDir: true,
    target: 'es2024',
    // Nothing is inlined, so that the policy of the page's content can forbid `data:` scripts and fonts.
    assetsInlineLimit: 0,
    // One style for all screens, and no links that fetch a screen's parts ahead: putting those into the page held its
    // first frame up for 16 ms, and all of it comes from this machine.
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      output: {
        // V8 compiles the field for names while it fetches it, beside the page: it would hold up the first letter that
        // is typed otherwise (by 20 ms). With all of the page the first frame would come later.
        postBanner: ({ moduleIds }) =>
          moduleIds.some((id) => id.endsWith('NameField.svelte')) ? '//# allFunctionsCalledOnLoad' : '',
      },
    },
  },
});
