// The page's dialogs follow from it, so there is no zod here: see figures.ts.

/** What a fact may be: a day, `YYYY-MM-DD`, or a line of text; the word is the page's input for it. */
export type FactKind = 'date' | 'text';

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
