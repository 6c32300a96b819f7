import { z } from 'zod';
import { RELATION_KINDS } from './figures.ts';
import { EntryId, FaceId, PersonId } from './ids.ts';
import { done, request } from './request-parts.ts';

/** What one person is to another. */
export const RelationKind = z.enum(RELATION_KINDS);
export type RelationKind = z.infer<typeof RelationKind>;

/** What the other person then is to the one. */
export const CONVERSE: Readonly<Record<RelationKind, RelationKind>> = {
  parent: 'child',
  child: 'parent',
  partner: 'partner',
  sibling: 'sibling',
};

/** Somebody who is related to a person. */
export const Relative = z.object({
  id: PersonId,
  name: z.string(),
  cover: FaceId.nullable(),
  /** What this one is to the person. */
  is: RelationKind,
  /**
   * Whether nobody said so: both have a parent in common, which makes them siblings as long as nothing else is said of the
   * two. It is worked out each time, and not stored.
   */
  follows: z.boolean(),
});
export type Relative = z.infer<typeof Relative>;

/** Two people: `id` is something of the person `of`. */
const pair = { id: PersonId, of: PersonId };

/** Who is whose parent, child, partner or sibling. One thing is said of two people, at most. */
export const relationRequests = {
  /** Parents first, then children, partners, siblings; the eldest first, as far as days of birth are known. */
  'people.relations': request(z.object({ id: PersonId }), z.array(Relative)),
  /**
   * `id` is a parent of `of`, and so on. `exists`: something else is said of the two, `id` is that to `of`. The user is
   * asked, and the request sent again with `replace` is carried out. `bad-request` where both are one person, or where
   * somebody would be among their own ancestors.
   */
  'people.relate': request(
    z.object({ ...pair, is: RelationKind, replace: z.boolean().default(false) }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('exists'), is: RelationKind }),
      z.object({ kind: z.literal('related'), entry: EntryId.nullable() }),
    ]),
  ),
  /** Nothing is said of the two any more. */
  'people.unrelate': request(z.object(pair), done),
} as const;
