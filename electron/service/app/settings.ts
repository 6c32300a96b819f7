import { KithError } from '../../contract/errors.ts';
import { Settings } from '../../contract/screens.ts';
import type { Library } from '../../library/open.ts';
import { passedOver } from '../../log/log.ts';

/** What holds until somebody says otherwise. */
const DEFAULTS: Settings = {
  sure: 0.999,
  ask: 0.1,
  theme: 'system',
  language: 'system',
  keys: true,
};

const KEY = 'preferences';

/** Whose settings were found damaged. */
const told = new WeakSet<Library>();

/** The settings of a library; what is damaged or missing is as it was at the beginning. */
export function readSettings(library: Library): Settings {
  const text = library.settings.get(KEY);
  if (text === null) return DEFAULTS;
  try {
    return Settings.parse({ ...DEFAULTS, ...JSON.parse(text) });
  } catch (error) {
    // They are read all the time, and damaged once.
    if (!told.has(library)) passedOver('settings')(error);
    told.add(library);
    return DEFAULTS;
  }
}

/** @throws KithError bad-request where Kith would have to ask about more than it is sure of */
export function changeSettings(
  library: Library,
  change: { [K in keyof Settings]?: Settings[K] | undefined },
): Settings {
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const settings = Settings.parse({ ...readSettings(library), ...said });
  if (settings.ask >= settings.sure) {
    throw new KithError('bad-request', `Expected to ask below ${settings.sure} but received ${settings.ask}`);
  }
  library.settings.put(KEY, JSON.stringify(settings));
  return settings;
}
