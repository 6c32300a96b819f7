import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { KithError } from '../../../electron/contract/errors.ts';
import type { EntryId, FaceId, PersonId, PhotoId } from '../../../electron/contract/ids.ts';
import type { StoredMetric } from '../../../electron/library/metrics.ts';
import type { Library } from '../../../electron/library/open.ts';
import { madeAnalysis } from '../../fixtures/analysis.ts';

// Random commands of everything that the journal watches, on a library of 24 faces on 8 photos.

/** Faces of {@link fillLibrary}. */
export const FACES = 24;

/** Eight photos of three faces each, in three groups. */
export function fillLibrary(library: Library): void {
  for (let photo = 0; photo < 8; photo++) {
    library.photos.record(madeAnalysis(photo, 3), { detector: 'ssd', encoder: 'dlib' });
  }
  const faces = Array.from({ length: FACES }, (_, i) => (i + 1) as FaceId);
  const groups = [faces.slice(0, 9), faces.slice(9, 14), faces.slice(14, 16)];
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
}

const TABLES = {
  people: 'SELECT * FROM people ORDER BY id',
  labels: 'SELECT * FROM labels ORDER BY face_id',
  refusals: 'SELECT * FROM refusals ORDER BY face_id, person_id',
  groups: 'SELECT * FROM groups ORDER BY id',
  faces: 'SELECT id, group_id, withdrawn FROM faces WHERE withdrawn = 0 ORDER BY id',
  photos: 'SELECT id, several FROM photos ORDER BY id',
  metrics: 'SELECT * FROM metrics ORDER BY encoder',
  albums: 'SELECT * FROM albums ORDER BY id',
  presences: 'SELECT * FROM presences ORDER BY photo_id, person_id',
  relations: 'SELECT * FROM relations ORDER BY person_id, other_id',
};
const KEYS: Record<string, readonly string[]> = {
  labels: ['face_id'],
  refusals: ['face_id', 'person_id'],
  metrics: ['encoder'],
  presences: ['photo_id', 'person_id'],
  relations: ['person_id', 'other_id'],
};

export type RecordedRow = Record<string, unknown>;

/**
 * Every row that the journal watches, by table and key. Faces that were drawn stay behind when their drawing is undone,
 * withdrawn from every screen: they are left out. Throws where the record contradicts itself.
 */
export function rowsOf(library: Library): Map<string, RecordedRow> {
  const sqlite = new DatabaseSync(library.file, { readOnly: true });
  try {
    const wrong = [
      'SELECT id FROM faces WHERE labelled <> EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id)',
      `SELECT photo_id FROM photo_counts WHERE (people, unnamed, gone) <> (
         SELECT count(*), coalesce(sum(labelled = 0), 0),
           NOT EXISTS (SELECT 1 FROM files WHERE files.photo_id = photo_counts.photo_id) FROM faces LEFT JOIN labels ON face_id = faces.id
         WHERE photo_id = photo_counts.photo_id AND withdrawn = 0 AND verdict IS NOT 'not-a-face')`,
      'SELECT id FROM photos WHERE id NOT IN (SELECT photo_id FROM photo_counts)',
      // Nobody is among their own ancestors.
      `WITH RECURSIVE descents (parent, child) AS (
         SELECT iif(kind = 'parent', person_id, other_id), iif(kind = 'parent', other_id, person_id)
         FROM relations WHERE kind IN ('parent', 'child')),
       lines (parent, child) AS (
         SELECT * FROM descents
         UNION SELECT lines.parent, descents.child FROM lines JOIN descents ON descents.parent = lines.child)
       SELECT parent FROM lines WHERE parent = child`,
      'PRAGMA foreign_key_check',
      'SELECT * FROM journal_open',
    ].flatMap((sql) => sqlite.prepare(sql).all());
    if (wrong.length > 0) throw new Error(`Expected a sound record but found ${JSON.stringify(wrong)}`);
    return new Map(
      Object.entries(TABLES).flatMap(([table, sql]) =>
        sqlite
          .prepare(sql)
          .all()
          .map((row): [string, RecordedRow] => [
            `${table} ${(KEYS[table] ?? ['id']).map((name) => row[name]).join(' ')}`,
            { ...row },
          ]),
      ),
    );
  } finally {
    sqlite.close();
  }
}

const face = fc.integer({ min: 1, max: FACES }).map((id) => id as FaceId);
const some = fc.uniqueArray(face, { minLength: 1, maxLength: 6 });
/** Picks one out of however many there are then. */
const pick = fc.nat({ max: 1000 });

const relate = fc.record({
  kind: fc.constant('relate' as const),
  pick,
  // Most of them parents, so that circles are tried.
  is: fc.constantFrom(
    'parent' as const,
    'parent' as const,
    'parent' as const,
    'child' as const,
    'partner' as const,
    'sibling' as const,
  ),
  other: pick,
});
const unrelate = fc.record({ kind: fc.constant('unrelate' as const), pick });
/** `isFresh`: by a name that nobody ever had; else names come again. */
const create = (isFresh: boolean) =>
  fc.record({ kind: fc.constant('create' as const), pick, isFresh: fc.constant(isFresh) });
const merge = fc.record({ kind: fc.constant('merge' as const), pick, other: pick });
const remove = fc.record({ kind: fc.constant('remove' as const), pick });

/** Commands about who is related to whom, and some that make or take away people. */
export const familyEdit = fc.oneof(
  { weight: 30, arbitrary: relate },
  { weight: 20, arbitrary: unrelate },
  create(true),
  merge,
  remove,
);

/** One command; `pick` chooses among what there is then. */
export const edit = fc.oneof(
  create(false),
  fc.record({ kind: fc.constant('name' as const), some, pick }),
  fc.record({ kind: fc.constant('sure' as const), some, pick }),
  fc.record({
    kind: fc.constant('mark' as const),
    some,
    as: fc.constantFrom('ignored' as const, 'not-a-face' as const),
  }),
  fc.record({ kind: fc.constant('clear' as const), some }),
  fc.record({ kind: fc.constant('refuse' as const), some, pick }),
  fc.record({ kind: fc.constant('rename' as const), pick }),
  fc.record({ kind: fc.constant('birth' as const), pick }),
  fc.record({ kind: fc.constant('hide' as const), pick }),
  fc.record({ kind: fc.constant('cover' as const), pick, face }),
  merge,
  remove,
  fc.record({ kind: fc.constant('split' as const), some }),
  fc.record({ kind: fc.constant('join' as const), pick, other: pick }),
  fc.record({ kind: fc.constant('hide-group' as const), pick }),
  fc.record({
    kind: fc.constant('several' as const),
    photo: fc.integer({ min: 1, max: 8 }),
    on: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('put' as const), photo: fc.integer({ min: 1, max: 8 }), pick }),
  fc.record({ kind: fc.constant('take' as const), pick }),
  fc.record({ kind: fc.constant('withdraw' as const) }),
  fc.record({ kind: fc.constant('take-back' as const), pick }),
  fc.record({
    kind: fc.constant('regroup' as const),
    of: fc.array(fc.nat(4), { minLength: FACES, maxLength: FACES }),
  }),
  fc.record({ kind: fc.constant('learn' as const), pick }),
  fc.record({ kind: fc.constant('unlearn' as const) }),
  relate,
  unrelate,
  fc.record({ kind: fc.constant('album' as const), pick }),
  fc.record({ kind: fc.constant('album-renamed' as const), pick }),
  fc.record({ kind: fc.constant('album-removed' as const), pick }),
);
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** A name that no person has now; the few that there are come again. */
function freeName(library: Library): string {
  for (let at = 1; ; at++) if (library.people.named(`Name ${at}`) === null) return `Name ${at}`;
}

/** Does it, as one entry of the journal. @returns the entry; null where nothing was changed */
export function doEdit(library: Library, step: Edit): EntryId | null {
  const people = library.people.all();
  const groups = library.cards.people.groups(false, 0, 100).items.map(({ id }) => id);
  const person = (at: number): PersonId | null => people[at % people.length]?.id ?? null;
  const group = (at: number) => groups[at % groups.length]!;
  return library.journal.act({ action: step.kind, detail: {}, by: 'hand' }, (entry) => {
    switch (step.kind) {
      case 'create':
        library.people.create(step.isFresh ? `Fresh ${entry}` : freeName(library));
        break;
      case 'name': {
        const who = person(step.pick) ?? library.people.create(freeName(library));
        library.labels.put(step.some, { verdict: 'person', person: who, by: 'hand' }, entry);
        break;
      }
      case 'sure': {
        const who = person(step.pick);
        if (who !== null) {
          const named = step.some.map((id) => ({ face: id, person: who, probability: 0.9991 + id / 1e6 }));
          library.labels.putSure(named, entry);
        }
        break;
      }
      case 'mark':
        library.labels.put(step.some, { verdict: step.as, person: null, by: 'hand' }, entry);
        break;
      case 'clear':
        library.labels.clear(step.some);
        break;
      case 'refuse': {
        const who = person(step.pick);
        if (who !== null) library.labels.refuse(step.some, who);
        break;
      }
      case 'rename': {
        const who = person(step.pick);
        if (who !== null) library.people.rename(who, freeName(library));
        break;
      }
      case 'birth': {
        const who = person(step.pick);
        if (who !== null) library.people.setFact(who, 'birth', `19${10 + (step.pick % 90)}-01-01`);
        break;
      }
      case 'hide': {
        const who = person(step.pick);
        if (who !== null) library.people.setHidden(who, step.pick % 2 === 0);
        break;
      }
      case 'cover': {
        const who = person(step.pick);
        if (who !== null) library.people.setCover(who, step.face);
        break;
      }
      case 'merge': {
        const [from, into] = [person(step.pick), person(step.other)];
        if (from !== null && into !== null && from !== into) library.merging.merge(from, into);
        break;
      }
      case 'remove': {
        const who = person(step.pick);
        if (who !== null) library.people.remove(who);
        break;
      }
      case 'split':
        library.groups.move(step.some, library.groups.create());
        break;
      case 'join':
        if (groups.length > 1) library.groups.merge([group(step.pick)], group(step.other));
        break;
      case 'hide-group':
        if (groups.length > 0) library.groups.setHidden([group(step.pick)], step.pick % 2 === 0);
        break;
      case 'several':
        library.photos.setSeveral(step.photo as PhotoId, step.on);
        break;
      case 'put': {
        const who = person(step.pick) ?? library.people.create(freeName(library));
        library.presences.put(step.photo as PhotoId, who);
        break;
      }
      case 'take': {
        const all = library.presences.all();
        const one = all[step.pick % all.length];
        if (one) library.presences.take(one.photo, one.person);
        break;
      }
      case 'withdraw': {
        const [found] = madeAnalysis(99, 1).faces;
        library.faces.show(
          library.faces.addDrawn(1 as PhotoId, found!, { detector: 'ssd', encoder: 'dlib' }),
        );
        break;
      }
      case 'take-back': {
        const { items } = library.journal.list(0, 1000);
        const before = items.filter(({ id }) => id !== entry);
        if (before.length > 0) library.labels.clearSureOf(before[step.pick % before.length]!.id);
        break;
      }
      case 'regroup': {
        const parts = [0, 1, 2, 3].map((part) =>
          step.of.flatMap((of, i) => (of === part ? [(i + 1) as FaceId] : [])),
        );
        library.groups.replace(
          parts.filter((part) => part.length > 0),
          { encoder: 'dlib', method: 'made' },
          library.groups.state(),
        );
        break;
      }
      case 'learn':
        library.metrics.put('dlib', madeMetric(step.pick));
        break;
      case 'unlearn':
        library.metrics.forget('dlib');
        break;
      case 'relate': {
        const [one, other] = [person(step.pick), person(step.other)];
        if (one === null || other === null || one === other) break;
        try {
          library.relations.put(one, step.is, other);
        } catch (error) {
          // Somebody would be among their own ancestors.
          if (!(error instanceof KithError) || error.code !== 'bad-request') throw error;
        }
        break;
      }
      case 'unrelate': {
        const all = library.relations.all();
        const one = all[step.pick % Math.max(1, all.length)];
        if (one) library.relations.remove(one.person, one.of);
        break;
      }
      case 'album': {
        const who = person(step.pick);
        const any = who === null ? { kind: 'unnamed' as const } : { kind: 'person' as const, person: who };
        library.albums.create(`Album ${step.pick}`, [{ not: false, any: [any] }]);
        break;
      }
      case 'album-renamed': {
        const albums = library.albums.all();
        if (albums.length > 0) library.albums.rename(albums[step.pick % albums.length]!.id, `${step.pick}`);
        break;
      }
      case 'album-removed': {
        const albums = library.albums.all();
        if (albums.length > 0) library.albums.remove(albums[step.pick % albums.length]!.id);
        break;
      }
    }
  }).entry;
}

function madeMetric(pick: number): StoredMetric {
  const figures = { doubt: pick / 1234.567, tarAtFar: { '0.001': 0.1 * pick, '0.01': 0.2 * pick } };
  return {
    ...{ size: 3, rank: 2, shift: -pick / 7, into: new Float32Array(6).fill(0.1) },
    out: Float32Array.from({ length: 6 }, (_, i) => (i + pick) / 3),
    alignment: pick % 2 === 0 ? null : `alignment ${pick}`,
    learning: {
      ...{
        encoder: 'dlib',
        loss: 'triplet',
        faces: 50,
        people: 5,
        adopted: true,
        reason: 'better',
        seconds: 1,
      },
      ...{ pairs: { genuine: 1, impostor: 2 }, gain: { mean: 1, low: 0, high: 2 } },
      ...{ before: figures, after: figures },
    },
  };
}
