import { KithError } from '../../contract/errors.ts';
import { Settings } from '../../contract/screens.ts';
import type { Library } from '../../library/open.ts';
import { passedOver } from '../../log/log.ts';

/** The settings until the user changes them. `sure` and `ask` are chosen by hand. */
const DEFAULTS: Settings = {
  sure: 0.999,
  ask: 0.1,
  theme: 'system',
  language: 'system',
  keys: true,
  tile: 164,
  offersModels: true,
  guide: 'new',
};

const KEY = 'preferences';

/** The libraries whose settings were found damaged, and logged. */
const told = new WeakSet<Library>();

/** The settings of a library. Those that are missing have their default; where they are damaged, all have. */
export function readSettings(library: Library): Settings {
  const text = library.settings.get(KEY);
  if (text === null) return DEFAULTS;
  try {
    return Settings.parse({ ...DEFAULTS, ...JSON.parse(text) });
  } catch (error) {
    // The settings are read all the time; one line in the log is enough.
    if (!told.has(library)) passedOver('settings')(error);
    told.add(library);
    return DEFAULTS;
  }
}

/** Changes the settings that are given. @throws KithError bad-request where `ask` would not be below `sure` */
export function changeSettings(
  library: Library,
  change: { [K in keyof Settings]?: Settings[K] | undefined },
): Settings {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const settings = Settings.parse({ ...readSettings(library), ...given });
  if (settings.ask >= settings.sure) {
    throw new KithError('bad-request', `Expected to ask below ${settings.sure} but received ${settings.ask}`);
  }
  library.settings.put(KEY, JSON.stringify(settings));
  return settings;
}
