import { z } from 'zod';
import { line } from './bounds.ts';
import { PersonId } from './ids.ts';
import { done, request } from './request-parts.ts';

/** What a fact may be: a day, `YYYY-MM-DD`, or a line of text; the word is the page's input for it. */
const KINDS = {
  date: z.iso.date(),
  text: line('a text'),
};
export type FactKind = keyof typeof KINDS;

/**
 * What the user may say of a person besides the name. Each is a column of `people` that may be null. The requests
 * `people.<fact>`, what cards show, what a merge keeps and the page's dialog follow from here; what is said of it stands
 * in the page's words as `<fact>.…`.
 */
export const FACTS = {
  /** Day of birth: nobody is looked for on photos from before it. */
  birth: 'date',
} as const satisfies Record<string, FactKind>;

export type Fact = keyof typeof FACTS;
export const factList = Object.keys(FACTS) as Fact[];

/** Something for each fact. */
export function byFact<T>(of: (fact: Fact) => T): Record<Fact, T> {
  return Object.fromEntries(factList.map((fact) => [fact, of(fact)])) as Record<Fact, T>;
}

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
