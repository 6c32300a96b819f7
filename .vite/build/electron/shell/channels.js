// electron/shell/channels.ts
/** Names of what goes between the preload script and the main process. */
var CALL = "kith:call";
var EVENT = "kith:event";
var COMMAND = "kith:command";
var DRAG = "kith:drag";
export { CALL, COMMAND, DRAG, EVENT };
