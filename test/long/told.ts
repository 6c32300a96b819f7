import type { ServiceEvent } from '../../electron/contract/events.ts';
import { type Change, tableOf } from './record.ts';
import type { World } from './world.ts';

/** Lists that are not what they were once a row of a table has changed. */
const LISTS: Readonly<Record<string, string>> = {
  people: 'people',
  relations: 'people',
  labels: 'faces',
  suggestions: 'faces',
  refusals: 'faces',
  presences: 'people',
  groups: 'groups',
  faces: 'groups',
  photos: 'photos',
  files: 'photos',
  journal: 'journal',
  settings: 'settings',
  folders: 'folders',
};

/** Which sender was not told of which list, though it has changed. @param since how many events each had heard before */
export function untold(world: World, since: readonly number[], changes: readonly Change[]): string[] {
  const lists = new Set(changes.flatMap(({ key }) => LISTS[tableOf(key)] ?? []));
  return world.senders.flatMap(({ heard }, sender) => {
    const told = new Set(
      heard
        .slice(since[sender])
        .flatMap((event: ServiceEvent) => (event.kind === 'changed' ? event.what : [])),
    );
    return [...lists]
      .filter((list) => !told.has(list as never))
      .map((list) => `sender ${sender} was not told that ${list} changed`);
  });
}
