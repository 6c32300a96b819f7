import { z } from 'zod';
import { line } from './bounds.ts';
import { byFact, FACTS, type Fact, type FactKind, factList } from './fact-list.ts';
import { PersonId } from './ids.ts';
import { done, request } from './request-parts.ts';

/** What a request checks of each kind. */
const KINDS = {
  date: z.iso.date(),
  text: line('a text'),
} satisfies Record<FactKind, z.ZodType>;

/** Something for each of their requests. */
export function byFactRequest<T>(of: (fact: Fact) => T): Record<`people.${Fact}`, T> {
  return Object.fromEntries(factList.map((fact) => [`people.${fact}`, of(fact)])) as never;
}

/** All that is said of a person; null: nobody said it. */
export type Facts = Record<Fact, string | null>;

/** The same as fields of a card. */
export const factFields = byFact(() => z.string().nullable());

type FactRequest<F extends Fact> = ReturnType<
  typeof request<
    z.ZodObject<{ id: typeof PersonId } & Record<F, z.ZodNullable<(typeof KINDS)[(typeof FACTS)[F]]>>>,
    typeof done
  >
>;

/** `people.birth` with `{ id, birth }`, and the like: says a fact of a person, or by null that nobody knows it. */
export const factRequests = byFactRequest((fact) =>
  request(z.object({ id: PersonId, [fact]: KINDS[FACTS[fact]].nullable() }), done),
) as unknown as { [F in Fact as `people.${F}`]: FactRequest<F> };
