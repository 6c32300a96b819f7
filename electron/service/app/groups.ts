import { KithError } from '../../contract/errors.ts';
import { calibrationOf } from '../encoder.ts';
import { applyRegroup, type GroupOptions, planRegroup, type Regroup } from '../group.ts';
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

/** Requests about groups that nobody has named. */
export function groupRequests(state: State, copies: AutomaticCopies): GroupHandlers {
  const { library } = state;
  /** The last plan, which may be asked to be done. */
  let planned: Regroup | null = null;
  const options = (): GroupOptions => {
    const encoder = library().groups.encoder() ?? 'dlib';
    return { library: library(), encoder, calibration: calibrationOf(encoder) };
  };

  return {
    'groups.list': ({ cursor, limit, hidden }) =>
      pageOf(cursor, limit, (from) => library().cards.people.groups(hidden, from, limit)),
    'groups.get': ({ id }) => library().cards.people.group(id),
    'groups.faces': ({ id, cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.ofGroup(id, from, limit)),
    'groups.alone': ({ cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.alone(from, limit)),
    'groups.merge': ({ groups }) => {
      library().require.groups(groups);
      return state.deed({ action: 'merge-groups', detail: { groups: groups.length } }, () =>
        library().groups.merge(groups.slice(1), groups[0]!),
      );
    },
    'groups.move': ({ faces, to }) => {
      library().require.faces(faces);
      if (to !== null) library().require.groups([to]);
      return state.deed({ action: 'move', detail: { faces: faces.length } }, () =>
        library().groups.move(faces, to ?? library().groups.create()),
      );
    },
    'groups.hide': ({ groups, hidden }) => {
      library().require.groups(groups);
      return state.deed(
        { action: hidden ? 'hide-groups' : 'show-groups', detail: { groups: groups.length } },
        () => library().groups.setHidden(groups, hidden),
      );
    },
    'groups.mark': ({ groups, as }) => {
      library().require.groups(groups);
      const faces = library().groups.unlabelled(groups);
      return state.saying({ action: as, detail: { faces: faces.length } }, (deed) =>
        library().labels.put(faces, { verdict: as, person: null, by: 'group' }, deed),
      );
    },
    'groups.plan': async (_, { signal }) => {
      planned = await planRegroup({ ...options(), signal });
      return planned.plan;
    },
    'groups.regroup': async ({ plan }) => {
      // It can be undone; where there is no room for a copy it is done all the same.
      await copies.keepIfPossible('regroup');
      const by = options();
      const done = plan === undefined ? await planRegroup(by) : planned;
      if (!done || (plan !== undefined && done.plan.id !== plan)) {
        throw new KithError('changed-meanwhile', 'the plan of the groups');
      }
      return state.deed({ action: 'regroup', detail: { moved: done.plan.moved } }, () =>
        applyRegroup(by, done),
      );
    },
  };
}
