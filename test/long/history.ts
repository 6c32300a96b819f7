import type { JournalEntry } from '../../electron/contract/people.ts';
import { type Change, isSame, type Row, type Rows, rowsOf, tableOf } from './record.ts';
import { NOTHING, type Rule } from './rules.ts';

/** What an entry made of one row, in the columns that it changed; all of them where the row came or went. */
interface Net {
  before: Row | null;
  left: Row | null;
  /** Whether it is to become a name that Kith had given. */
  isToKith: boolean;
  /** Whether such a name is to go. */
  isFromKith: boolean;
}

/** What each entry of the journal has changed: what undoing it has to give back. */
export class History {
  readonly #nets = new Map<number, ReadonlyMap<string, Net>>();
  /** Each row as an entry was the last to leave it, by doing, undoing or redoing. */
  readonly #left = new Map<string, Row | null>();

  /** @param noted all changes of the entry in order, each row possibly more than once */
  note(entry: number, noted: readonly Change[]): void {
    const rows = Map.groupBy(noted, ({ key }) => key);
    const nets = [...rows].map(([key, changes]): [string, Net] => [
      key,
      netOf(changes[0]!.before, changes.at(-1)!.after),
    ]);
    // Rows that an entry changed and changed back need not be restored.
    this.#nets.set(entry, new Map(nets.filter(([, { before, left }]) => !isSame(before, left))));
    for (const [key, changes] of rows) this.#left.set(key, changes.at(-1)!.after);
  }

  /** Undo and redo both give back what the entry had found, and touch nothing else. */
  ruleOfToggle(entry: JournalEntry | null, found: Rows): Rule {
    const nets = entry && this.#nets.get(entry.id);
    if (!nets) return NOTHING;
    // Where Kith has grouped since, outside the journal, faces stay where that has put them, and so do their groups.
    const isRegrouped = (key: string, after: Rows) =>
      (tableOf(key) === 'faces' && this.#left.get(key)?.group_id !== found.get(key)?.group_id) ||
      (tableOf(key) === 'groups' &&
        ((this.#left.get(key) === null) === found.has(key) || isInUse(key, after)));
    // And names that Kith gave neither come nor go where a hand has said something since.
    const isPassedOver = (key: string, { isToKith, isFromKith }: Net, after: Rows) =>
      (isToKith || isFromKith) && isSame(found.get(key) ?? null, after.get(key) ?? null);
    return {
      may: ({ key, before, after }) => {
        const net = nets.get(key);
        // Faces may return to a group that has gone since.
        if (net === undefined && tableOf(key) === 'groups') return before === null;
        return net !== undefined && isBack(net, after) && isRestSame(net, before, after);
      },
      missing: (after) =>
        [...nets]
          .filter(([key, net]) => !isBack(net, after.get(key) ?? null))
          .filter(([key, net]) => !isRegrouped(key, after) && !isPassedOver(key, net, after))
          .map(
            ([key, { before }]) =>
              `${key} is ${JSON.stringify(after.get(key))}, and was ${JSON.stringify(before)}`,
          ),
    };
  }
}

function netOf(before: Row | null, left: Row | null): Net {
  const isToKith = before?.by_whom === 'sure';
  const isFromKith = before === null && left?.by_whom === 'sure';
  if (before === null || left === null) return { before, left, isToKith, isFromKith };
  const differing = Object.keys(before).filter((name) => left[name] !== before[name]);
  const only = (row: Row) => Object.fromEntries(differing.map((name) => [name, row[name]!]));
  return { before: only(before), left: only(left), isToKith, isFromKith };
}

/** Whether a group has faces. Then it stays, though the entry that made it is undone: Kith has put others into it. */
function isInUse(key: string, rows: Rows): boolean {
  return rowsOf(rows, 'faces').some((face) => key === `groups:${face.group_id}`);
}

/** A name that Kith gave comes back only while Kith may give it: all that counts then is that it is no hand's any more. */
function isBack({ before, isToKith }: Net, after: Row | null): boolean {
  if (isToKith) return after === null || after.by_whom === 'sure';
  return isSame(before, after);
}

/** Whether all columns but those that the entry changed stayed as they were. */
function isRestSame({ before: columns }: Net, before: Row | null, after: Row | null): boolean {
  if (columns === null || before === null || after === null) return true;
  return Object.keys(before).every((name) => name in columns || before[name] === after[name]);
}

/** The entry that a result names, wherever its request puts it; null where nothing was done. */
export function entryOf(result: unknown): number | null {
  const { entry, ledger } = result as {
    entry?: number | JournalEntry | null;
    ledger?: { entry: number } | null;
  };
  if (typeof entry === 'number') return entry;
  return entry?.id ?? ledger?.entry ?? null;
}
