import { KithError } from '../../contract/errors.ts';
import type { RelationKind } from '../../contract/relations.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

type RelationHandlers = Pick<Handlers, 'people.relations' | 'people.relate' | 'people.unrelate'>;

/** Requests about who is related to whom. None of them looks at faces: see migrations/19-relations.ts. */
export function relationRequests(state: State): RelationHandlers {
  const { library } = state;
  const namesOf = (...people: Parameters<ReturnType<typeof library>['people']['get']>[0][]) =>
    people.map((id) => library().people.get(id).name);
  return {
    'people.relations': ({ id }) => {
      library().people.get(id);
      return library().cards.people.relatives(id);
    },
    'people.relate': ({ id, is, of, replace }) => {
      const [name, other] = namesOf(id, of) as [string, string];
      const { relations } = library();
      requireTwo(id, of, name);
      // Before the question whether something else is to be replaced: that would not help.
      if (relations.closesCircle(id, is, of)) {
        throw new KithError(
          'bad-request',
          `${name} can't be a ${is} of ${other}: somebody would be among their own ancestors`,
        );
      }
      const former = relations.between(id, of);
      if (former !== null && former !== is && !replace) return { kind: 'exists', is: former };
      const { entry } = state.perform(commandOf(name, is, other), () => relations.put(id, is, of));
      return { kind: 'related', entry };
    },
    'people.unrelate': ({ id, of }) => {
      const [name, other] = namesOf(id, of) as [string, string];
      requireTwo(id, of, name);
      return state.perform({ action: 'unrelate', detail: { name: other, other: name } }, () =>
        library().relations.remove(id, of),
      );
    },
  };
}

function requireTwo(id: number, of: number, name: string): void {
  if (id === of)
    throw new KithError('bad-request', `${name} can't be related to themselves: name somebody else`);
}

/** The journal says it of the parent, whichever way it was said. */
function commandOf(name: string, is: RelationKind, other: string) {
  if (is === 'child') return { action: 'relate-parent', detail: { name: other, other: name } };
  return { action: `relate-${is}`, detail: { name, other } };
}
