import { registerHooks } from "node:module";
// electron/shell/sharp-on-linux.ts
if (process.platform === "linux" && process.versions.electron !== void 0) registerHooks({ resolve: (specifier, context, next) => next(withoutGlib(specifier), context) });
/** `@img/sharp-linux-x64/sharp.node` → `@img/sharp-wasm32/sharp.node`; all else stays. */
function withoutGlib(specifier) {
	return specifier.replace(/^@img\/sharp-linux(musl)?-\w+\/sharp\.node$/, "@img/sharp-wasm32/sharp.node");
}
export { withoutGlib };
