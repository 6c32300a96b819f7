/** Names of what goes between the preload script and the main process. */
export const CALL = 'kith:call';
export const EVENT = 'kith:event';
export const COMMAND = 'kith:command';
export const DRAG = 'kith:drag';
