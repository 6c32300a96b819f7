import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it, vi } from 'vitest';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { fillLibrary } from './support/random-edits.ts';

// With 100,000 photos a statement that reads a whole table takes a hundredth of a second and more.

const folder = mkdtempSync(join(tmpdir(), 'kith-plans-'));
const library: Library = openLibrary(join(folder, 'library.kith'));
fillLibrary(library);

afterEach(() => {
  vi.restoreAllMocks();
  library.close();
  rmSync(folder, { recursive: true });
});

it('refusals are found by their person, and files by their size, without reading all of them', () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const person = (name: string) =>
    library.journal.act({ action: 'name', detail: {}, by: 'hand' }, () => library.people.create(name));
  const [anna, ben] = [person('Anna'), person('Ben')].map(({ result }) => result as PersonId);
  library.journal.act({ action: 'refuse', detail: {}, by: 'hand' }, () =>
    library.labels.refuse([1 as FaceId], ben!),
  );
  const merged = library.journal.act({ action: 'merge', detail: {}, by: 'hand' }, () =>
    library.merging.merge(ben!, anna!),
  );
  library.journal.undo({ entry: merged.entry! });
  library.journal.act({ action: 'remove', detail: {}, by: 'hand' }, () => library.people.remove(ben!));
  library.cards.photos.named('photo.jpg', 1);

  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))];
  vi.restoreAllMocks();
  expect(statements.some((sql) => /FROM refusals WHERE person_id/.test(sql))).toBe(true);
  expect(statements.some((sql) => /FROM files WHERE size/.test(sql))).toBe(true);
  const asked = new DatabaseSync(library.file, { readOnly: true });
  const scans = statements
    .filter((sql) => /^\s*(SELECT|DELETE|UPDATE|INSERT)/.test(sql))
    .flatMap((sql) =>
      asked
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .filter(({ detail }) => /^SCAN (refusals|files)\b/.test(detail as string))
        .map(({ detail }) => `${detail}: ${sql}`),
    );
  asked.close();
  expect(scans).toEqual([]);
});
