import { KithError } from '../../contract/errors.ts';
import { checkReport } from '../../export/report-folder.ts';
import { forgetMetric, learningState, learnMetric } from '../learn.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

type LearnHandlers = Pick<Handlers, 'learn.state' | 'learn.run' | 'learn.forget'>;

/** Requests about what Kith learns from confirmed faces. Its questions follow at once from what it learned. */
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
    'learn.run': async ({ loss, report }) => {
      if (busy) throw new KithError('bad-request', 'Kith is still learning; wait until it is done');
      busy = true;
      try {
        if (report !== undefined) await checkReport(report);
        const { folders } = engine.store;
        const work = { library: library(), encoder: encoder(), loss, folders };
        const { learning, curves } = await learnMetric(work);
        if (report !== undefined) {
          // Loaded on use: its fonts and pictures take longer to load than the rest of an owner's start.
          const { writeLearningReport } = await import('../../export/learning-report.ts');
          await writeLearningReport(report, learning, curves);
        }
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
