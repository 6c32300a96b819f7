import PQueue from 'p-queue';
import type { Params, RequestName, Result } from '../../contract/api.ts';
import { kinds } from '../../contract/kinds.ts';
import { calibrationOf } from '../encoder.ts';
import { Activity } from './activity.ts';
import { afterScan } from './after-scan.ts';
import type { App, CallOptions } from './app.ts';
import { AutomaticCopies } from './automatic-copies.ts';
import { notingCameras } from './cameras.ts';
import { Checkpoints } from './checkpoints.ts';
import { Copies, copyRequests } from './copies.ts';
import { diagnosticsRequests } from './diagnostics.ts';
import { doctorRequests } from './doctor.ts';
import { answer } from './door.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { exportRequests } from './exports.ts';
import { faceRequests } from './faces.ts';
import { foldSoon } from './fold.ts';
import { folderRemoval } from './folder-removal.ts';
import { folderRequests } from './folder-work.ts';
import { folderPlaces } from './folders.ts';
import { Freshness } from './freshness.ts';
import { groupRequests } from './groups.ts';
import type { Handlers } from './handlers.ts';
import { Keeper } from './keeper.ts';
import { keepingRequests } from './keeping.ts';
import { learnRequests } from './learn.ts';
import { metadataRequests } from './metadata.ts';
import { MetadataQueue } from './metadata-queue.ts';
import { modelRequests } from './models.ts';
import { NamesAhead } from './names-ahead.ts';
import { noted, noteOpened, scansNoted } from './noted.ts';
import { peopleRequests } from './people.ts';
import { pictures } from './pictures.ts';
import { Recommended } from './recommended.ts';
import { recordRequests } from './record.ts';
import { recordImport } from './record-import.ts';
import { relationRequests } from './relations.ts';
import { reviewRequests } from './review.ts';
import { Scans } from './scans.ts';
import { searchRequests } from './search.ts';
import { State } from './state.ts';

/**
 * Commands that match nobody, and those after which faces are loaded anew or may be matched a moment later. Each name stands
 * for all that begin with it.
 */
const WITHOUT_FACES = [
  ...['library.', 'albums.', 'folders.', 'names.', 'metadata.', 'journal.'],
  ...['groups.hide', 'groups.move', 'people.cover', 'photos.several'],
  // Who is related to whom changes no probability: see migrations/19-relations.ts.
  ...['people.relate', 'people.unrelate'],
  // Nothing is learned from somebody whose face can't be seen.
  ...['photos.putPerson', 'photos.takePerson'],
];

/** Whether a request matches faces within itself. If so, the faces should be in memory before it runs. */
export function changesNames(name: RequestName): boolean {
  return kinds[name] === 'command' && !WITHOUT_FACES.some((start) => name.startsWith(start));
}

/**
 * Starts the application behind its one door.
 *
 * @throws KithError the errors of opening a library, and of reading the user's choice of models
 */
export async function createApp(options: EngineOptions): Promise<App> {
  const began = performance.now();
  const engine = await Engine.start(options);
  noteOpened(engine, (performance.now() - began) / 1000);
  engine.on(scansNoted());
  const state: State = new State(engine, () => scans.isRunning);
  const scans: Scans = new Scans(engine, afterScan(engine, state));
  const copies = new Copies(engine);
  const cameras = notingCameras(engine);
  const names = new NamesAhead(engine, state);
  const folderWork = folderRequests(engine, state, scans);
  const metadataQueue = new MetadataQueue(state);
  const metadata = metadataRequests(engine, state, metadataQueue);
  const activity = new Activity(() => scans.isRunning);
  const keeper = new Keeper(engine, metadataQueue, activity, options.keeping);
  engine.onExchange(() => metadataQueue.idle());
  engine.onExchange(() => scans.cancel());
  engine.onExchange(() => state.close());
  engine.onExchange(() => copies.idle());
  const automatic = new AutomaticCopies(engine, copies);
  automatic.start();
  /** Never rejects: the state of the scan tells how it ends. */
  async function bringOver(): Promise<void> {
    if (engine.library.groups.encoder() !== null) await automatic.keepIfPossible('regroup');
    await scans.bringOver();
  }
  const recommended = new Recommended(engine, bringOver);
  const handlers: Handlers = {
    ...folderPlaces,
    ...diagnosticsRequests(),
    ...modelRequests(engine),
    ...recommended.requests(),
    ...peopleRequests(state),
    ...relationRequests(state),
    ...faceRequests(engine, state),
    ...groupRequests(state, automatic),
    ...reviewRequests(state),
    ...searchRequests(state),
    ...learnRequests(engine, state),
    ...recordRequests(engine, state, metadata.follow),
    ...doctorRequests(state, copies, automatic),
    ...copyRequests(engine, copies),
    ...exportRequests(engine, state),
    ...folderWork,
    ...names.requests((work, { signal }) => folderWork['folder.group'](work, { signal })),
    ...metadata.handlers,
    ...keepingRequests(engine, state, keeper),
    ...recordImport(engine, state),
    ...folderRemoval(engine, scans),
    'scan.start': ({ path }) => {
      // An encoder without a calibration is refused here, and not after hours of scanning.
      calibrationOf(engine.by.encoder, engine.store.folders);
      return scans.start(path);
    },
    'scan.state': () => scans.state,
    'scan.pause': () => {
      scans.pause();
      return {};
    },
    'scan.resume': () => {
      scans.resume();
      return {};
    },
    'scan.bringOver': () => {
      calibrationOf(engine.by.encoder, engine.store.folders);
      void bringOver();
      return {};
    },
    'scan.cancel': async () => {
      await scans.cancel();
      return {};
    },
  };
  const stopFolding = foldSoon(engine);
  const checkpoints = new Checkpoints(engine);
  /** Commands run one at a time: what a command has read is still true when it writes. */
  const commands = new PQueue({ concurrency: 1 });
  const freshness = new Freshness();

  /** @throws KithError library-gone, after the scan that wrote into the former file was ended */
  function requireLibrary(): void {
    try {
      engine.requireLibrary();
    } catch (error) {
      void scans.cancel();
      throw error;
    }
  }

  async function run<N extends RequestName>(
    name: N,
    params: Params<N>,
    asked: CallOptions,
  ): Promise<Result<N>> {
    const { signal = new AbortController().signal } = asked;
    state.prepareSoon();
    requireLibrary();
    const answered = () => answer(handlers, name, params, { signal });
    if (kinds[name] !== 'command') return noted(name, signal, answered);
    return commands.add(async () => {
      state.wake();
      // A command that changes names matches the faces within itself.
      if (changesNames(name)) await state.ready();
      requireLibrary();
      return noted(name, signal, async () => {
        freshness.require(engine.library, name, params, asked);
        const before = engine.library.journal.position();
        const result = await answered();
        freshness.note(engine.library, before, asked.sender);
        checkpoints.soon();
        return result;
      });
    });
  }

  return {
    call: (name, params, asked = {}) => activity.during(kinds[name], () => run(name, params, asked)),
    get position() {
      return engine.library.journal.position();
    },
    on: (listener) => engine.on(listener),
    picture: pictures(engine),
    async close() {
      automatic.stop();
      stopFolding();
      await recommended.stop();
      await copies.idle();
      await metadataQueue.idle();
      await state.close();
      await scans.cancel();
      // A scan that has just come to its end begins this work.
      await cameras.stop();
      await names.stop();
      await commands.onIdle();
      // After the last command, which would start it again.
      checkpoints.stop();
      await keeper.close();
      await engine.close();
    },
  };
}
