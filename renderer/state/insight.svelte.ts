import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Learning, LearningState } from '../../electron/contract/learning.ts';
import type { CalibrationCard, RegroupPlan } from '../../electron/contract/screens.ts';
import { ask } from '../bridge.ts';
import { type Refused, worthSaying } from '../refused.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** Groups that show more than one person, of which a page shows so many. */
const SHOWN = 24;

/** What a library tells of its own distances, people and groups. */
export class Insight {
  calibration = $state.raw<CalibrationCard | null>(null);
  learning = $state.raw<LearningState | null>(null);
  /** What came of learning just now. */
  learned = $state.raw<Learning | null>(null);
  /** What grouping anew would change, as of when somebody looked. */
  plan = $state.raw<RegroupPlan | null>(null);
  readonly mixed = $derived(this.plan?.mixed.slice(0, SHOWN) ?? []);
  /** Whose the covers of its mixed groups are, where they have a name. */
  people = $state.raw<ReadonlyMap<FaceId, PersonId>>(new Map());
  busy = $state<'learn' | 'plan' | null>(null);
  refusal = $state.raw<Refused | null>(null);

  /** To be called while a component starts. */
  start(): void {
    $effect(() => {
      versionOf('people', 'groups', 'faces', 'models');
      void this.refresh();
    });
  }

  async refresh(): Promise<void> {
    try {
      this.calibration = await ask('calibration.get', {});
      this.learning = await ask('learn.state', {});
      this.refusal = null;
    } catch (error) {
      this.refusal = worthSaying(error);
    }
  }

  async learn(): Promise<void> {
    this.busy = 'learn';
    this.learned = await outcomes.try(() => ask('learn.run', { loss: 'triplet' }), 'insight.still-learning');
    this.busy = null;
    await this.refresh();
  }

  async forget(): Promise<void> {
    this.learned = null;
    await outcomes.try(() => ask('learn.forget', {}));
    await this.refresh();
  }

  async look(): Promise<void> {
    this.busy = 'plan';
    this.plan = await outcomes.try(() => ask('groups.plan', {}));
    await outcomes.try(() => this.#findPeople());
    this.busy = null;
  }

  async #findPeople(): Promise<void> {
    const covers = this.mixed.flatMap(({ parts }) => parts.map(({ cover }) => cover));
    const known = covers.length === 0 ? [] : await ask('faces.get', { ids: covers });
    this.people = new Map(known.flatMap(({ id, person }) => (person ? [[id, person.id]] : [])));
  }

  async regroup(): Promise<void> {
    this.busy = 'plan';
    const done = await outcomes.try(() => ask('groups.regroup', {}));
    this.busy = null;
    if (done === null) return;
    const count = this.plan?.moved ?? 0;
    this.plan = null;
    outcomes.did(done.entry, 'journal.regroup', { count });
  }
}
