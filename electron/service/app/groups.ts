import { KithError } from '../../contract/errors.ts';
import { calibrationOf } from '../encoder.ts';
import { applyRegroup, type GroupOptions, isUpToDate, planRegroup, type Regroup } from '../group.ts';
import type { AutomaticCopies } from './automatic-copies.ts';
import type { Handlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import type { State } from './state.ts';

type GroupHandlers = Pick<
  Handlers,
  | 'groups.list'
  | 'groups.get'
  | 'groups.faces'
  | 'groups.alone'
  | 'groups.merge'
  | 'groups.move'
  | 'groups.hide'
  | 'groups.mark'
  | 'groups.plan'
  | 'groups.regroup'
>;

/** How many plans are made where the record changes meanwhile. Chosen by hand: each takes half a minute at most. */
const TRIES = 3;

/** Requests about groups without a name. */
export function groupRequests(state: State, copies: AutomaticCopies): GroupHandlers {
  const { library } = state;
  /** The last plan, which `groups.regroup` may apply. */
  let planned: Regroup | null = null;
  const options = (): GroupOptions => {
    const encoder = library().groups.encoder() ?? 'dlib';
    return { library: library(), encoder, calibration: calibrationOf(encoder) };
  };

  return {
    'groups.list': ({ cursor, limit, hidden, steady }) =>
      pageOf(cursor, limit, (from) => library().cards.people.groups(hidden, from, limit, steady)),
    'groups.get': ({ id }) => library().cards.people.group(id),
    'groups.faces': ({ id, cursor, limit, stacked }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.ofGroup(id, from, limit, stacked)),
    'groups.alone': ({ cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.alone(from, limit)),
    'groups.merge': async ({ groups }) => {
      library().require.groups(groups);
      const done = state.perform({ action: 'merge-groups', detail: { groups: groups.length } }, () =>
        library().groups.merge(groups.slice(1), groups[0]!),
      );
      await state.refreshFaces();
      return done;
    },
    'groups.move': async ({ faces, to }) => {
      library().require.faces(faces);
      if (to !== null) library().require.groups([to]);
      const done = state.perform({ action: 'move', detail: { faces: faces.length } }, () =>
        library().groups.move(faces, to ?? library().groups.create()),
      );
      await state.refreshFaces();
      return done;
    },
    'groups.hide': ({ groups, hidden }) => {
      library().require.groups(groups);
      return state.perform(
        { action: hidden ? 'hide-groups' : 'show-groups', detail: { groups: groups.length } },
        () => library().groups.setHidden(groups, hidden),
      );
    },
    'groups.mark': async ({ groups, as }) => {
      library().require.groups(groups);
      const faces = library().groups.unlabelled(groups);
      const done = state.performAndRefresh({ action: as, detail: { faces: faces.length } }, (entry) =>
        library().labels.put(faces, { verdict: as, person: null, by: 'group' }, entry),
      );
      await state.bringUp();
      return done;
    },
    'groups.plan': async (_, { signal }) => {
      planned = await planRegroup({ ...options(), signal });
      return planned.plan;
    },
    'groups.regroup': async ({ plan }, { signal }) => {
      // Regrouping can be undone, so it goes on where there is no room for a copy.
      await copies.keepIfPossible('regroup');
      const by = options();
      let chosen = plan === undefined ? null : planned;
      // Where the user has seen no plan, one is made, and made again where the record changes meanwhile.
      for (let tries = 0; plan === undefined && tries < TRIES; tries++) {
        chosen = await planRegroup({ ...by, signal });
        if (isUpToDate(by.library, chosen)) break;
      }
      // Nothing is awaited between this check and applying the plan.
      const isAsSeen = chosen !== null && (plan === undefined || chosen.plan.id === plan);
      if (chosen === null || !isAsSeen || by.library !== library() || !isUpToDate(by.library, chosen)) {
        throw new KithError('changed-meanwhile', 'groups');
      }
      const done = state.perform({ action: 'regroup', detail: { moved: chosen.plan.moved } }, () =>
        applyRegroup(by, chosen),
      );
      await state.refreshFaces();
      return done;
    },
  };
}
