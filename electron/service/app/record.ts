import { basename } from 'node:path';
import { distancesOf } from '../../../models/cards.ts';
import { hasFacenet } from '../../../models/choice.ts';
import { KithError } from '../../contract/errors.ts';
import { type EntryId, encoderOf, type FaceId } from '../../contract/ids.ts';
import type { FaceCard } from '../../contract/people.ts';
import { distanceAt, probability } from '../../grouping/calibrate.ts';
import { distanceOf, dot } from '../../grouping/similarity.ts';
import { alignedFace } from '../aligned.ts';
import { calibrationCard, calibrationIn } from '../own-calibration.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import { changeSettings, readSettings } from './settings.ts';
import type { State } from './state.ts';

type RecordHandlers = Pick<
  Handlers,
  | 'library.overview'
  | 'folders.list'
  | 'journal.list'
  | 'journal.undo'
  | 'journal.redo'
  | 'journal.takeBack'
  | 'compare.faces'
  | 'calibration.get'
  | 'settings.get'
  | 'settings.set'
>;

/**
 * Requests about the record as a whole.
 *
 * @param onMoved told after entries were undone or done again
 */
export function recordRequests(
  engine: Engine,
  state: State,
  onMoved: (entries: readonly EntryId[]) => void,
): RecordHandlers {
  const { library } = state;
  const moved = async (entries: readonly EntryId[]) => {
    // Undo may also have changed the learned metric, and with it the vectors that faces are compared by.
    await state.refreshAnew();
    // Undo may have changed whether a photo shows a person several times.
    engine.tell({ kind: 'changed', what: ['photos'] });
    state.changed();
    onMoved(entries);
  };

  return {
    'library.overview': async () => ({
      ...library().cards.photos.counts(),
      groups: library().cards.people.groupCount(),
      detector: engine.by.detector,
      encoder: encoderOf(engine.by.encoder).id,
      facenet: await hasFacenet(engine.store),
      file: library().file,
      // One owner may serve several shells: each shell's own door says which one a page is in (shell-door.ts).
      shell: 'browser',
    }),

    'folders.list': () =>
      library()
        .cards.photos.folders()
        .map((folder) => ({ ...folder, name: basename(folder.path) })),

    'journal.list': ({ cursor, limit }) => ({
      ...pageOf(cursor, limit, (from) => library().journal.list(from, limit)),
      endsAt: library().journal.endsAt(),
    }),
    'journal.undo': async ({ entry, with: together }) => {
      const taken = library().journal.undo({ entry, together });
      if (taken.entry) await moved([taken.entry.id, ...(together ?? [])]);
      return taken;
    },
    'journal.redo': async ({ entry }) => {
      const taken = library().journal.redo({ entry });
      if (taken.entry) await moved([taken.entry.id]);
      return taken;
    },
    'journal.takeBack': async ({ entry }) => {
      const taken = library().journal.get(entry);
      if (!taken) throw new KithError('not-found', `entry ${entry}`);
      const done = state.perform({ action: 'take-back', detail: taken.detail }, () =>
        library().labels.clearSureOf(entry as EntryId),
      );
      await state.refreshAnew();
      return done;
    },

    'compare.faces': ({ a, b }) => {
      const encoder = library().groups.encoder() ?? engine.by.encoder;
      const calibration = calibrationIn(library(), encoder);
      const [one, other] = [a, b].map((id: FaceId) => {
        const card = library().cards.faces.get([id])[0];
        const stored = library().embeddings.one(id, encoder);
        const vector = stored && alignedFace(stored, encoder);
        if (!card || !vector) throw new KithError('not-found', `face ${id}`);
        return { card, vector };
      }) as [CardAndVector, CardAndVector];
      const distance = distanceOf(dot(one.vector, other.vector));
      const threshold = distanceAt(0.5, one.card.quality, other.card.quality, calibration);
      const table = distancesOf(encoder, engine.store.folders);
      return {
        a: one.card,
        b: other.card,
        distance,
        threshold,
        probability: probability(distance, one.card.quality, other.card.quality, calibration),
        same: distance <= threshold,
        encoder: encoderOf(encoder).id,
        distribution: table && {
          step: table.step,
          genuine: shares(table.genuine),
          impostor: shares(table.impostor),
        },
      };
    },

    'calibration.get': () => calibrationCard(library(), library().groups.encoder() ?? engine.by.encoder),

    'settings.get': () => readSettings(library()),
    'settings.set': async (change) => {
      const settings = changeSettings(library(), change);
      engine.tell({ kind: 'changed', what: ['settings'] });
      if (change.sure !== undefined || change.ask !== undefined) await moved([]);
      return settings;
    },
  };
}

interface CardAndVector {
  card: FaceCard;
  vector: Float32Array;
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / Math.max(1, total));
}
