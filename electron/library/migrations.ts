import { PHOTOS } from './migrations/1-photos.ts';
import { PEOPLE } from './migrations/2-people.ts';
import { LISTS } from './migrations/3-lists.ts';
import { NEAREST } from './migrations/4-nearest.ts';
import { METRICS } from './migrations/5-metrics.ts';
import { THUMBNAILS } from './migrations/6-thumbnails.ts';
import { JOURNAL } from './migrations/7-journal.ts';
import { REVISIONS } from './migrations/8-revisions.ts';
import { INDICES } from './migrations/9-indices.ts';
import { ARRANGED } from './migrations/10-arranged.ts';
import { STACKS } from './migrations/11-stacks.ts';
import { SEARCH } from './migrations/12-search.ts';
import { METADATA } from './migrations/13-metadata.ts';
import { NAMES } from './migrations/14-names.ts';
import { PACKED } from './migrations/15-packed.ts';
import { KEPT } from './migrations/16-kept.ts';
import { ANSWERED } from './migrations/17-answered.ts';
import { PRESENCES } from './migrations/18-presences.ts';
import { RELATIONS } from './migrations/19-relations.ts';
import { PORTRAITS } from './migrations/20-portraits.ts';

/**
 * The schema, as the steps that lead to it: step n takes a library from version n - 1 to version n.
 *
 * A step is plain text that refers to no other file, and is never changed, because users have libraries that were made by
 * it. A test holds the hash of each. A journalled column comes in a step of its own, which adds it, drops the three journal
 * triggers of its table and makes them anew with the column. Undoing an older entry leaves the column as it is
 * (test/service/journalled-columns.test.ts has such a step).
 */
export const MIGRATIONS: readonly string[] = [
  PHOTOS,
  PEOPLE,
  LISTS,
  NEAREST,
  METRICS,
  THUMBNAILS,
  JOURNAL,
  REVISIONS,
  INDICES,
  ARRANGED,
  STACKS,
  SEARCH,
  METADATA,
  NAMES,
  PACKED,
  KEPT,
  ANSWERED,
  PRESENCES,
  RELATIONS,
  PORTRAITS,
];
