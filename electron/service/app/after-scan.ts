import type { EntryId, GroupId } from '../../contract/ids.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { passedOver } from '../../log/log.ts';
import { calibrationOf } from '../encoder.ts';
import { type GroupedScan, type Grown, groupLibrary } from '../group.ts';
import type { Hasher } from '../stacks.ts';
import type { Engine } from './engine.ts';
import type { State } from './state.ts';

/** What is done with the faces that a scan finds: they are grouped, and matched with the people who have names. */
export interface AfterScan {
  /** The newest group that there is. */
  lastGroup(): GroupId;
  /**
   * Groups and names the faces that were found so far, while the scan finds more.
   *
   * @param after the newest group that there was before the scan
   * @returns how many newer groups there are without a name
   * @throws KithError cancelled once the signal is aborted; it can be begun again
   */
  form(by: AnalysedBy, after: GroupId, signal: AbortSignal): Promise<number>;
  /** Groups all faces once the scan has found them. @throws as `form` does; nothing is written then */
  group(by: AnalysedBy, after: GroupId, signal: AbortSignal): Promise<void>;
  /** Loads the faces as they are now, which may take seconds. */
  prepare(): Promise<void>;
  /** Names all faces that are sure now; they have to be loaded. */
  match(): void;
}

/** Groups and names the faces of a scan, while it runs and once it has ended. */
export function afterScan(engine: Engine, state: State): AfterScan {
  /** The entries of the names that Kith has given during this scan. */
  let arrivals: EntryId[] = [];

  function group({ encoder }: AnalysedBy, scan: GroupedScan, signal: AbortSignal): Promise<Grown | null> {
    state.leaveAhead();
    const calibration = calibrationOf(encoder, engine.store.folders);
    const hasher: Hasher = (jpegs, options) => engine.pool().dhash(jpegs, options);
    return groupLibrary({ library: engine.library, encoder, calibration, signal, scan, hasher });
  }

  /** Gives names within the entry of the last call where no other entry has come since; else within a new one. */
  function match(spread: (entry: EntryId) => void): void {
    const { journal } = engine.library;
    const last = arrivals.at(-1);
    if (last === undefined || !journal.resume(last, () => spread(last))) {
      const { entry } = journal.act({ action: 'arrive', detail: {}, by: 'kith' }, spread);
      if (entry === null) return;
      arrivals.push(entry);
    }
    state.tellGiven();
    state.changed();
  }

  return {
    lastGroup() {
      arrivals = [];
      state.forgetGiven();
      return engine.library.groups.last();
    },
    async form(by, after, signal) {
      await group(by, { after, goesOn: true }, signal);
      engine.tell({ kind: 'changed', what: ['groups', 'faces'] });
      // People named before the scan are matched at its end: with few faces to compare with, Kith would be sure of others.
      if (state.givenPeople().size > 0) {
        await state.prepare();
        if (!signal.aborted) match((entry) => state.spreadGiven(entry));
      }
      return engine.library.groups.countUnnamedAfter(after);
    },
    async group(by, after, signal) {
      const grown = await group(by, { after, goesOn: false }, signal);
      if (grown) engine.tell({ kind: 'grown', ...grown });
    },
    async prepare() {
      if (engine.library.people.all().length === 0) {
        // No request waits for this: it makes ready for the first name that the user gives.
        void state.naming().faces.prepareAhead().catch(passedOver('read-ahead'));
        return;
      }
      do await state.prepare();
      while (!state.naming().faces.isReady);
    },
    match() {
      if (engine.library.people.all().length === 0) return;
      match((entry) => {
        // With fewer faces to compare with, Kith was sure of some faces that it is not sure of any more.
        state.withdraw(arrivals);
        state.spread(entry);
      });
    },
  };
}
