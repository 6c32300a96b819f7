import kith from '../../package.json' with { type: 'json' };

/** An owner and the processes that connect to it must have one version: their frames may differ between versions. */
export const VERSION: string = kith.version;
