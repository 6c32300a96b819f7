/** What goes into the packed app; paths as Electron's packager gives them: from the project, beginning with a slash. */

/** Kith's own: what Vite made of it. */
const OWN = ['/package.json', '/LICENSE', '/.vite', '/dist', '/node_modules'];

/** Files of packages that nobody needs at run time. */
const NEVER = [
  /^\/node_modules\/\.[^/]/,
  /\.(map|d\.[cm]?ts)$/,
  // The models are packed as networks already; of their package only the sample photos are shown.
  /^\/node_modules\/@vladmandic\/face-api\/(?!package\.json$|demo$|demo\/sample[1-6]\.jpg$)/,
];

/** sharp's native library clashes with Electron's own GLib on Linux; its WebAssembly build is for there alone. */
const NATIVE_SHARP = /^\/node_modules\/@img\/sharp-(libvips-)?linux[^/]*\//;
const WASM_SHARP = /^\/node_modules\/@img\/sharp-wasm32\//;

/** ExifTool as a program for Windows, and as sources for a system's Perl. */
const EXIFTOOL_EXE = /^\/node_modules\/exiftool-vendored\.exe(\/|$)/;
const EXIFTOOL_PL = /^\/node_modules\/exiftool-vendored\.pl(\/|$)/;

const ONNX_RUNTIME = /^\/node_modules\/onnxruntime-node\/bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/;

/**
 * Whether a file or folder stays out of the app for one system. Whole packages are not asked about: the packager takes
 * those that `dependencies` lead to.
 */
export function isLeftOut(path: string, platform: string, arch: string): boolean {
  if (path === '') return false;
  if (!OWN.some((own) => path === own || path.startsWith(`${own}/`))) return true;
  if (path.startsWith('/dist/') && !/^\/dist\/page(\/|$)/.test(path)) return true;
  if (NEVER.some((pattern) => pattern.test(path))) return true;
  if ((platform === 'linux' ? NATIVE_SHARP : WASM_SHARP).test(path)) return true;
  if ((platform === 'win32' ? EXIFTOOL_PL : EXIFTOOL_EXE).test(path)) return true;
  const [, system, processor] = ONNX_RUNTIME.exec(path) ?? [];
  return (system !== undefined && system !== platform) || (processor !== undefined && processor !== arch);
}

/** Packages that can't live inside the archive: the system loads their libraries, or they read files beside them. */
export const UNPACKED =
  '**/node_modules/{onnxruntime-node,sharp,@img,opencv-wasm,exiftool-vendored.pl,exiftool-vendored.exe}';
