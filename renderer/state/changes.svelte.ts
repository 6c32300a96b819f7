import type { ServiceEvent } from '../../electron/contract/events.ts';
import { bridge } from '../bridge.ts';

export type Topic = Extract<ServiceEvent, { kind: 'changed' }>['what'][number];

const versions = $state<Record<Topic, number>>({
  people: 0,
  groups: 0,
  photos: 0,
  faces: 0,
  journal: 0,
  models: 0,
  settings: 0,
  folders: 0,
  names: 0,
});

function raise(topics: readonly Topic[]): void {
  for (const topic of topics) versions[topic]++;
}

/** Every list asks again: what is shown is not what is there. */
export function raiseAll(): void {
  raise(Object.keys(versions) as Topic[]);
}

bridge.on((event) => {
  if (event.kind === 'changed') raise(event.what);
});
let wasLost = false;
bridge.onConnection((connection) => {
  // Whatever happened while nobody listened.
  if (connection === 'open' && wasLost) raiseAll();
  wasLost = connection === 'lost' || connection === 'refused';
});

/** A number that is another one as soon as one of these lists has changed; to be read in an effect. */
export function versionOf(...topics: Topic[]): string {
  return topics.map((topic) => versions[topic]).join();
}
