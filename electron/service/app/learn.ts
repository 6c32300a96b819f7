import { KithError } from '../../contract/errors.ts';
import { forgetMetric, learningState, learnMetric } from '../learn.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

type LearnHandlers = Pick<Handlers, 'learn.state' | 'learn.run' | 'learn.forget'>;

/** Requests about what Kith learns from confirmed faces. What it learned is seen in its questions at once. */
export function learnRequests(engine: Engine, state: State): LearnHandlers {
  const { library } = state;
  let busy = false;
  const encoder = () => library().groups.encoder() ?? engine.by.encoder;
  const seenAnew = async () => {
    await state.prepare();
    state.refresh();
    state.changed();
  };

  return {
    'learn.state': () => learningState(library(), encoder()),
    'learn.run': async ({ loss }) => {
      if (busy) throw new KithError('bad-request', 'Kith is still learning; wait until it is done');
      busy = true;
      try {
        const { folders } = engine.store;
        const { learning } = await learnMetric({ library: library(), encoder: encoder(), loss, folders });
        await seenAnew();
        return learning;
      } finally {
        busy = false;
      }
    },
    'learn.forget': async () => {
      const forgotten = forgetMetric(library(), encoder());
      if (forgotten) await seenAnew();
      return { forgotten };
    },
  };
}
