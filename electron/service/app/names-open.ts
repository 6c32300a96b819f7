import { LONGEST_LIST } from '../../contract/figures.ts';
import type { FaceId, GroupId, PhotoId } from '../../contract/ids.ts';
import type { NameQuestion, OpenNames } from '../../contract/names-in.ts';
import type { Library } from '../../library/open.ts';
import { type Contradiction, placeOf } from '../names/contradictions.ts';
import type { NamePlan } from '../names/plan.ts';

/** How many faces of a group a question shows. Chosen by hand: as many as fit beside those of another. */
const SHOWN = 4;

/** The questions that a plan leaves to the user, contradictions first. @param limit how many of them are wanted */
export function questionsOf(library: Library, plan: NamePlan, limit: number): Omit<OpenNames, 'isNew'> {
  const loose = plan.unplaced.filter(({ faces }) => faces.length > 0);
  const faceless = plan.unplaced.filter(({ faces }) => faces.length === 0).slice(0, LONGEST_LIST);
  const asked: NameQuestion[] = plan.contradictions.slice(0, limit).map((one) => questionOf(library, one));
  const rest = loose.slice(0, limit - asked.length).map((one) => ({ ...one, why: 'unplaced' as const }));
  return {
    questions: [...asked, ...rest],
    total: plan.contradictions.length + loose.length,
    faceless: faceless.map(({ photo, path, name }) => ({ photo, path, name })),
  };
}

function questionOf(library: Library, contradiction: Contradiction): NameQuestion {
  if (contradiction.why !== 'two-people') return contradiction;
  const { id, photo, path, name, groups } = contradiction;
  const here = facesHere(library, photo);
  return {
    ...{ why: 'two-people', id, photo, path, name },
    // From the left, as the faces of a photo are listed.
    groups: groups
      .map(({ group, faces }) => ({
        ...{ group, here: here.get(group)!, count: faces.length },
        faces: bestOf(
          library,
          faces.map((face) => face.id),
        ),
      }))
      .sort((a, b) => a.here.box.x - b.here.box.x),
  };
}

/** A face of each group on a photo. */
function facesHere(library: Library, photo: PhotoId) {
  const faces = library.namesRead.facesOn([photo]);
  return new Map(
    faces.flatMap((face) => (face.group === null ? [] : [[face.group as GroupId, placeOf(face, face.box)]])),
  );
}

/** The best of some faces to look at. */
function bestOf(library: Library, faces: readonly FaceId[]): FaceId[] {
  const cards = library.cards.faces.get(faces.slice(0, LONGEST_LIST));
  return cards
    .toSorted((a, b) => b.quality - a.quality || a.id - b.id)
    .slice(0, SHOWN)
    .map(({ id }) => id);
}
