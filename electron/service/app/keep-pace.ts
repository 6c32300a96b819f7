/** How patient the keeper of metadata (keeper.ts) is, in milliseconds. */
export interface KeepPace {
  /**
   * How long the user has done nothing before something is written: as long as the page offers to undo a name (`LEDGER_STAYS`
   * of renderer/state/outcomes.svelte.ts), so that what is taken back at once never gets into a file.
   */
  quiet: number;
  /**
   * How long it writes at most when Kith is closed, where something was changed since: a hundred sidecars. Chosen by hand:
   * a command of the command line ends so much later at most. The rest is written the next time.
   */
  closing: number;
}

export const PACE: KeepPace = { quiet: 12_000, closing: 5_000 };
