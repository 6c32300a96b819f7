import PQueue from 'p-queue';
import { type ExifTool, findPerl, startExifTool } from '../../metadata/tool.ts';
import { MetadataFiles } from '../metadata.ts';
import type { State } from './state.ts';

/** Work on photos' metadata, one piece at a time: two would write the same files. */
export class MetadataQueue {
  readonly #state: State;
  readonly #queue = new PQueue({ concurrency: 1 });

  constructor(state: State) {
    this.#state = state;
  }

  /**
   * Runs work with ExifTool, which is started where it is needed first, and ends with the work.
   *
   * @throws KithError perl-missing, before anything is done
   */
  async withTool<T>(work: (files: MetadataFiles) => Promise<T>): Promise<T> {
    findPerl();
    return await this.#queue.add(async () => {
      let tool: ExifTool | null = null;
      const files = new MetadataFiles(this.#state.library(), () => {
        tool ??= startExifTool();
        return tool;
      });
      try {
        return await work(files);
      } finally {
        await (tool as ExifTool | null)?.end();
      }
    });
  }

  /** Resolves once no work is left. */
  idle(): Promise<void> {
    return this.#queue.onIdle();
  }
}
