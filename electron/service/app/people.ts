import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { Fact } from '../../contract/fact-list.ts';
import { byFactRequest, type Facts } from '../../contract/facts.ts';
import type { FaceId, PersonId } from '../../contract/ids.ts';
import type { Ledger, PersonCard } from '../../contract/people.ts';
import type { Handlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import type { State } from './state.ts';

/** Pairs of people who may be one, as many as are shown at once. Chosen by hand. */
const ALIKE_SHOWN = 50;

type PeopleHandlers = Pick<
  Handlers,
  | 'name'
  | 'people.list'
  | 'people.get'
  | 'people.life'
  | 'people.alike'
  | 'people.apart'
  | 'people.search'
  | 'people.faces'
  | 'people.rename'
  | 'people.merge'
  | 'people.mergePlan'
  | `people.${Fact}`
  | 'people.cover'
  | 'people.hide'
  | 'people.remove'
  | 'people.split'
>;

/**
 * Requests about people. A command that tells more about who is who also names all faces that are sure by it, in one
 * entry.
 */
export function peopleRequests(state: State): PeopleHandlers {
  const { library } = state;

  /** Names these faces and groups, and all other faces that are sure by then. */
  function give(person: PersonId | string, faces: readonly FaceId[], groups: readonly number[]): Ledger {
    const name = typeof person === 'string' ? person : library().people.get(person).name;
    let who = typeof person === 'string' ? null : person;
    const members = library()
      .groups.unlabelled(groups as never)
      .filter((face) => !faces.includes(face));
    const examples = faces.length + members.length;
    if (examples === 0) {
      throw new KithError('changed-meanwhile', `Everybody in group ${groups.join(', ')} has a name by now`);
    }
    const { entry } = state.perform({ action: 'name', detail: { name, examples } }, (entry) => {
      who ??= library().people.create(name);
      library().labels.give(who, faces, members, entry);
      state.spread(entry);
    });
    return state.ledger(entry, who!, examples);
  }

  /** @throws KithError bad-request where two of these people are on one photo and the caller does not allow it */
  function requireApart(people: readonly PersonId[], evenIfTogether: boolean): void {
    const { photos } = evenIfTogether ? { photos: 0 } : library().merging.together(people);
    if (photos > 0)
      throw new KithError('bad-request', `Expected one person but they are together on ${photos} photos`);
  }

  return {
    name: ({ faces, groups, name, merge }) => {
      library().require.faces(faces);
      library().require.groups(groups);
      const known = library().people.named(name);
      // The user may mean the person of that name, or another one. With `merge` the user has said: the same person.
      if (known && !merge) return { kind: 'exists', person: library().cards.people.person(known.id)! };
      return { kind: 'named', ledger: give(known?.id ?? name, faces, groups) };
    },

    'people.list': ({ cursor, limit, hidden, steady }) =>
      pageOf(cursor, limit, (from) => library().cards.people.people(hidden, from, limit, steady)),
    'people.get': ({ id }) => {
      library().people.get(id);
      return library().cards.people.person(id)!;
    },
    'people.life': ({ id }) => {
      library().people.get(id);
      return library().cards.people.life(id);
    },
    'people.alike': async () => {
      if (library().people.all().length > 1) await state.lookAhead();
      const pairs = state.naming().alike();
      // Somebody whose name was just taken back may still be in the last matching.
      const visible = new Set(
        library()
          .people.all()
          .flatMap(({ id, hidden }) => (hidden ? [] : [id])),
      );
      const shown = (pairs ?? []).filter((both) => both.every((id) => visible.has(id))).slice(0, ALIKE_SHOWN);
      const card = (id: PersonId) => library().cards.people.person(id)!;
      return {
        pairs: shown.map(([a, b]): [PersonCard, PersonCard] => [card(a), card(b)]),
        reading: pairs === null,
      };
    },
    'people.apart': ({ people: [a, b] }) => {
      const [one, other] = [library().people.get(a), library().people.get(b)];
      if (a === b) throw new KithError('bad-request', `Expected two people but received person ${a} twice`);
      return state.performAndRefresh(
        { action: 'apart', detail: { name: one.name, other: other.name } },
        () => {
          for (const [id, not] of [
            [a, b],
            [b, a],
          ] as const) {
            library().labels.refuse(library().questions.references(id, 1), not);
          }
        },
      );
    },
    'people.search': ({ text, whose }) => library().cards.people.search(text, whose),
    'people.faces': ({ id, status, cursor, limit, stacked }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.ofPerson(id, status, from, limit, stacked)),

    'people.rename': ({ id, name, merge, evenIfTogether }) => {
      const former = library().people.get(id).name;
      const known = library().people.named(name);
      if (known && known.id !== id) {
        if (!merge) return { kind: 'exists', person: library().cards.people.person(known.id)! };
        requireApart([id, known.id], evenIfTogether);
        const { entry } = state.perform(
          { action: 'merge', detail: { from: former, name: known.name } },
          (entry) => {
            library().merging.merge(id, known.id);
            state.spread(entry);
          },
        );
        return { kind: 'renamed', entry };
      }
      const { entry } = state.perform({ action: 'rename', detail: { from: former, name } }, () =>
        library().people.rename(id, name),
      );
      return { kind: 'renamed', entry };
    },

    'people.mergePlan': ({ from, into }) => {
      const { photos, examples } = library().merging.together([into, ...from]);
      const isRelated = (id: PersonId) => id !== into && library().relations.between(id, into) !== null;
      const related = from.find(isRelated);
      return {
        ...{ photosTogether: photos, examples, keeps: library().merging.keeps(from, into) },
        related: related === undefined ? null : library().people.get(related).name,
      };
    },
    'people.merge': ({ from, into, evenIfTogether }) => {
      const name = library().people.get(into).name;
      const others = from.filter((id) => id !== into);
      if (others.length === 0) {
        throw new KithError('bad-request', `Expected somebody else than person ${into} to merge with`);
      }
      const names = others.map((id) => library().people.get(id).name).join(', ');
      requireApart([into, ...others], evenIfTogether);
      const { entry } = state.perform({ action: 'merge', detail: { from: names, name } }, (entry) => {
        for (const id of others) library().merging.merge(id, into);
        state.spread(entry);
      });
      return { ledger: state.ledger(entry, into, 0) };
    },

    ...factHandlers(state),
    'people.cover': ({ id, face }) => {
      const { name } = library().people.get(id);
      library().require.faces([face]);
      return state.perform({ action: 'cover', detail: { name } }, () => library().people.setCover(id, face));
    },
    'people.hide': ({ ids, hidden }) => {
      const names = ids.map((id) => library().people.get(id).name).join(', ');
      return state.perform({ action: hidden ? 'hide' : 'show', detail: { names } }, () => {
        for (const id of ids) library().people.setHidden(id, hidden);
      });
    },
    'people.remove': ({ ids }) => {
      const names = ids.map((id) => library().people.get(id).name).join(', ');
      return state.performAndRefresh({ action: 'remove', detail: { names } }, () => {
        for (const id of ids) library().people.remove(id);
      });
    },
    'people.split': async ({ faces }) => {
      library().require.faces(faces);
      const done = state.performAndRefresh({ action: 'split', detail: { faces: faces.length } }, () => {
        const labels = library().labels.of(faces);
        for (const { face, person } of labels) if (person !== null) library().labels.refuse([face], person);
        library().groups.move(faces, library().groups.create());
      });
      await state.bringUp();
      return done;
    },
  };
}

/** Sets a fact of a person. A fact may change whom Kith asks about. */
function factHandlers(state: State): Pick<Handlers, `people.${Fact}`> {
  return byFactRequest((fact) => (params: Parsed<`people.${Fact}`>) => {
    const { id, [fact]: value } = params as { id: PersonId } & Facts;
    const { people } = state.library();
    const { name } = people.get(id);
    return state.performAndRefresh({ action: fact, detail: { name, [fact]: value } }, () =>
      people.setFact(id, fact, value),
    );
  });
}
