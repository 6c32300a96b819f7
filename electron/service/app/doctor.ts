import type { Finding } from '../../contract/doctor.ts';
import { examineInThread } from '../copy-tasks.ts';
import type { AutomaticCopies } from './automatic-copies.ts';
import type { Copies } from './copies.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

/** Requests about what is wrong with the record. */
export function doctorRequests(
  state: State,
  copies: Copies,
  automatic: AutomaticCopies,
): Pick<Handlers, 'library.check' | 'library.repair'> {
  const examine = () => copies.run(() => examineInThread(copies.file));

  return {
    'library.check': examine,

    'library.repair': async ({ kinds }) => {
      const before = await examine();
      const wanted = before.filter(({ kind, repairable }) => repairable && kinds.includes(kind));
      if (wanted.length === 0) return { repaired: [], left: before, copy: null, entry: null };
      const copy = await automatic.keep('repair');
      const named = wanted.map(({ kind }) => kind);
      const cases = wanted.reduce((sum, { count }) => sum + count, 0);
      const { entry } = state.library().transaction(() => {
        state.library().repair(named, false);
        return state
          .library()
          .journal.act({ action: 'repair', detail: { cases }, by: 'hand' }, () =>
            state.library().repair(named, true),
          );
      });
      await state.refreshAnew();
      state.changed();
      const left = await examine();
      const isLeft = ({ kind }: Finding) => left.some((finding) => finding.kind === kind);
      return { repaired: wanted.filter((finding) => !isLeft(finding)), left, copy, entry };
    },
  };
}
