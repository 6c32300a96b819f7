import type { Calibration } from '../contract/calibration.ts';
import type { GroupId } from '../contract/ids.ts';
import type { ImpureCluster } from '../contract/screens.ts';
import { splitOf } from '../grouping/bisecting-split.ts';
import type { EmbeddingTable } from '../library/embeddings.ts';
import type { Library } from '../library/open.ts';

/**
 * Groups of the record that show two people. Nothing is changed: the user looks at them, and names, moves or regroups
 * their faces.
 */
export function impureClusters(
  library: Library,
  table: EmbeddingTable,
  calibration: Calibration,
): ImpureCluster[] {
  const { groups, photoIds, qualities, several } = table;
  const named = new Map(
    library.labels.all().flatMap(({ face, person, by }) => (by === 'sure' ? [] : [[face, person]])),
  );
  const person = (row: number) => named.get(table.faceIds[row]!) ?? null;

  function impure(group: GroupId, rows: readonly number[]): ImpureCluster[] {
    const shown = (why: ImpureCluster['why'], parts: readonly (readonly number[])[]) => [
      { group, why, parts: parts.map((part) => partOf(table, part)) },
    ];
    const people = Map.groupBy(
      rows.filter((row) => person(row) !== null),
      person,
    );
    if (people.size > 1) return shown('two-names', [...people.values()]);
    const photos = Map.groupBy(
      rows.filter((row) => !several.has(photoIds[row]!)),
      (row) => photoIds[row]!,
    );
    const together = [...photos.values()].find(({ length }) => length > 1);
    if (together)
      return shown(
        'one-photo',
        together.map((row) => [row]),
      );
    const good = rows.filter((row) => qualities[row]! >= calibration.founder);
    const parts = splitOf(table, good, calibration);
    return parts.length > 1 ? shown('apart', parts) : [];
  }

  const rows = [...groups.keys()].filter((row) => groups[row]! > 0);
  return [...Map.groupBy(rows, (row) => groups[row]!)]
    .sort(([a], [b]) => a - b)
    .flatMap(([group, members]) => impure(group as GroupId, members));
}

function partOf(
  { faceIds, qualities }: EmbeddingTable,
  rows: readonly number[],
): ImpureCluster['parts'][number] {
  const cover = rows.reduce((best, row) => (qualities[row]! > qualities[best]! ? row : best));
  return { size: rows.length, cover: faceIds[cover]! };
}
