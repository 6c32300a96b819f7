import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import { VitePlugin } from '@electron-forge/plugin-vite';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { isLeftOut, UNPACKED } from './build/packed.ts';

// `npm run app` starts Electron with this, `npm run package` makes the app's folder of it; electron-builder then makes
// installers of that folder (build/electron-builder.yml).

/** The app is made on the system that it is for: packages hold the libraries of that one alone. */
const { platform, arch } = process;

const config: ForgeConfig = {
  outDir: process.env.KITH_OUT ?? 'out',
  packagerConfig: {
    name: 'Kith',
    executableName: 'kith',
    appBundleId: 'app.kith.desktop',
    appCategoryType: 'public.app-category.photography',
    icon: 'dist/icons/icon',
    ignore: (path) => isLeftOut(path, platform, arch),
    asar: { unpackDir: UNPACKED },
    // Networks are read by native code, which can't see into the archive.
    extraResource: ['dist/models'],
    extendInfo: {
      // Folders may be dropped on the icon.
      CFBundleDocumentTypes: [
        {
          CFBundleTypeName: 'Folder',
          CFBundleTypeRole: 'Viewer',
          LSHandlerRank: 'Alternate',
          LSItemContentTypes: ['public.folder'],
        },
      ],
    },
    // Signed where there is a certificate; the fuses plugin signs for this machine alone otherwise.
    ...(process.env.KITH_SIGN === undefined
      ? {}
      : { osxSign: { optionsForFile: () => ({ entitlements: 'build/entitlements.plist' }) } }),
    // A folder of Electron's own archives, where they can't be downloaded.
    ...(process.env.KITH_ELECTRON_ZIPS === undefined
      ? {}
      : { electronZipDir: process.env.KITH_ELECTRON_ZIPS }),
  },
  // Nothing is compiled: all native packages bring libraries of Node-API with them.
  rebuildConfig: { onlyModules: [] },
  plugins: [
    new VitePlugin({
      build: [
        { entry: 'electron/shell/main.ts', config: 'build/vite.main.ts', target: 'main' },
        { entry: 'electron/shell/preload.ts', config: 'build/vite.preload.ts', target: 'preload' },
      ],
      // The page has one build for both shells, made beforehand.
      renderer: [],
    }),
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    }),
  ],
  hooks: {
    generateAssets: async () => {
      const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'build/prepare.ts')], {
        stdio: 'inherit',
      });
      if (status !== 0) throw new Error('The page and the models could not be made');
    },
  },
};

export default config;
