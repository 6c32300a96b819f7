import { registerHooks } from 'node:module';

// On Linux, sharp's native library and Electron both bring a GLib, and a process with two of them crashes
// (electron#46323, sharp#4522). Its WebAssembly build has none. To be imported before whatever imports sharp.
if (process.platform === 'linux' && process.versions.electron !== undefined) {
  registerHooks({
    resolve: (specifier, context, next) => next(withoutGlib(specifier), context),
  });
}

/** `@img/sharp-linux-x64/sharp.node` → `@img/sharp-wasm32/sharp.node`; all else stays. */
export function withoutGlib(specifier: string): string {
  return specifier.replace(/^@img\/sharp-linux(musl)?-\w+\/sharp\.node$/, '@img/sharp-wasm32/sharp.node');
}
