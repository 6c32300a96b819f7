import { calibrationOf } from '../encoder.ts';
import { applyRegroup, type GroupOptions, planRegroup } from '../group.ts';
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
export function groupRequests(state: State): GroupHandlers {
  const { library } = state;
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
    'groups.merge': ({ groups }) =>
      state.deed({ action: 'merge-groups', detail: { groups: groups.length } }, () =>
        library().groups.merge(groups.slice(1), groups[0]!),
      ),
    'groups.move': ({ faces, to }) =>
      state.deed({ action: 'move', detail: { faces: faces.length } }, () =>
        library().groups.move(faces, to ?? library().groups.create()),
      ),
    'groups.hide': ({ groups, hidden }) =>
      state.deed({ action: hidden ? 'hide-groups' : 'show-groups', detail: { groups: groups.length } }, () =>
        library().groups.setHidden(groups, hidden),
      ),
    'groups.mark': ({ groups, as }) => {
      const faces = library().groups.unlabelled(groups);
      const { entry } = state.deed({ action: as, detail: { faces: faces.length } }, (deed) =>
        library().labels.put(faces, { verdict: as, person: null, by: 'group' }, deed),
      );
      state.refresh();
      return { entry };
    },
    'groups.plan': async () => (await planRegroup(options())).plan,
    'groups.regroup': async () => {
      const by = options();
      const planned = await planRegroup(by);
      return state.deed({ action: 'regroup', detail: { moved: planned.plan.moved } }, () =>
        applyRegroup(by, planned),
      );
    },
  };
}
