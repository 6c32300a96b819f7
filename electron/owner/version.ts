import kith from '../../package.json' with { type: 'json' };

/** Owners and those who connect to them must be of one version: what they say to each other may have changed. */
export const VERSION: string = kith.version;
