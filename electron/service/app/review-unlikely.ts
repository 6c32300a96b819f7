import { LONGEST_LIST } from '../../contract/figures.ts';
import type { Unlikely } from '../../contract/people.ts';
import { type Askable, LIKELY } from '../../grouping/ask.ts';
import { WORTH_ASKING } from '../../grouping/constants.ts';
import type { Library } from '../../library/open.ts';
import type { Suggested } from '../../library/questions.ts';
import { membersOf } from './review-answer.ts';

/** Whether no answer about a unit is worth a question: it is rather not that person, and settles little. */
export function isUnlikely({ faces, probability }: Askable): boolean {
  return probability < LIKELY && faces * probability < WORTH_ASKING;
}

/**
 * What is left once the review has ended, by person: the likeliest units of all, whoever has the likeliest first.
 *
 * @param units that may be somebody
 * @param references faces of each person to compare with, at most
 */
export function unlikelyByPerson(
  library: Library,
  units: readonly Suggested[],
  references: number,
): Unlikely[] {
  const { questions, people, cards } = library;
  const likeliest = units
    .filter(isUnlikely)
    .toSorted((a, b) => b.probability - a.probability || a.face - b.face)
    .slice(0, LONGEST_LIST);
  return [...Map.groupBy(likeliest, ({ person }) => person)].map(([person, theirs]) => {
    const { id, name } = people.get(person);
    return {
      person: { id, name },
      references: questions.references(id, references),
      units: theirs.map((unit) => ({
        face: cards.faces.get([unit.face])[0]!,
        faces: membersOf(library, unit),
        probability: unit.probability,
      })),
    };
  });
}
