/**
 * Loaded before all else (`node --import`) by evaluations that switch a part of the engine off: gives constants of
 * electron/grouping/constants.ts other values, in this process and its threads, so that the engine itself knows nothing of
 * being measured. KITH_EVAL_CONSTANTS holds them as JSON, by name.
 */
import { registerHooks } from 'node:module';

const values = JSON.parse(process.env.KITH_EVAL_CONSTANTS ?? '{}') as Record<string, string>;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/electron/grouping/constants.ts')) return loaded;
    let source = String(loaded.source);
    for (const [name, value] of Object.entries(values)) {
      const declaration = new RegExp(`^export const ${name} = .*;$`, 'm');
      if (!declaration.test(source)) throw new RangeError(`Expected a constant but received ${name}`);
      source = source.replace(declaration, `export const ${name} = ${value};`);
    }
    return { ...loaded, source };
  },
});
