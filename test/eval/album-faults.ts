import type { FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { AlbumFace } from './album-truth.ts';

/** What a hand has said of one face, and the group that it is in. */
interface Said {
  person: string | null;
  verdict: string;
  group: number | null;
}

/**
 * Counts what must never be: two faces of one photo in one group or one person; and, after `scan`, faces that somebody
 * named and that have another name or group now, and refusals that are gone.
 *
 * @returns lines of a report
 */
export async function countFaults(
  file: string,
  scan: () => Promise<void>,
  faces: readonly AlbumFace[],
): Promise<string[]> {
  const photoOf = new Map(faces.map(({ id, photo }) => [id, photo]));
  const before = read(file);
  await scan();
  const after = read(file);
  const moved = [...before.said].filter(([face, { group }]) => after.said.get(face)?.group !== group).length;
  const lost = [...before.said].filter(([face, { person, verdict }]) => {
    const now = after.said.get(face);
    return now?.person !== person || now.verdict !== verdict;
  }).length;
  const forgotten = [...before.refusals].filter((refusal) => !after.refusals.has(refusal)).length;
  return [
    `two faces of one photo in one group: ${twice(after.groups, photoOf)}, in one person: ${twice(after.people, photoOf)}`,
    `after a second scan, of ${before.said.size} faces with a verdict: moved ${moved}, lost ${lost}; of ${before.refusals.size} refusals lost ${forgotten}`,
  ];
}

function read(file: string) {
  const library = openLibrary(file);
  try {
    const groups = new Map<FaceId, string>();
    const people = new Map<FaceId, string>();
    const said = new Map<FaceId, Said>();
    const names = new Map(library.people.all().map(({ id, name }) => [id, name]));
    const labels = library.labels.all();
    const cards = new Map(
      library.cards.faces.get(labels.map(({ face }) => face)).map((card) => [card.id, card]),
    );
    for (const { face, person, verdict } of labels) {
      const name = person === null ? null : names.get(person)!;
      said.set(face, { person: name, verdict, group: cards.get(face)?.group ?? null });
      if (name !== null) people.set(face, name);
    }
    for (const { id } of library.cards.photos.folders()) {
      for (const { id: face, group } of library.faces.ofFolder(id))
        if (group !== null) groups.set(face, `${group}`);
    }
    const refusals = new Set(
      library.labels.refusals().map(({ face, person }) => `${face} ${names.get(person)}`),
    );
    return { groups, people, said, refusals };
  } finally {
    library.close();
  }
}

/** Pairs of a photo and a group (or a person) that come more than once. */
function twice(of: ReadonlyMap<FaceId, string>, photoOf: ReadonlyMap<FaceId, number>): number {
  const seen = Map.groupBy(of, ([face, whose]) => `${photoOf.get(face) ?? `alone ${face}`} ${whose}`);
  return [...seen.values()].filter(({ length }) => length > 1).length;
}
