import type { KeptFolder, MetadataChoices } from '../../electron/contract/metadata.ts';
import { ask, bridge } from '../bridge.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** Folders of the library, and which of them have the names in their photos' metadata kept up to date. */
export class KeptFolders {
  folders = $state.raw<KeptFolder[]>([]);
  /** Whether what writes metadata can run. */
  perl = $state(true);

  /** Keeps it true while the component that calls this is there. */
  start(): void {
    $effect(() => {
      versionOf('folders', 'settings');
      void ask('metadata.kept', {}).then(
        ({ folders, perl }) => {
          this.folders = folders;
          this.perl = perl;
        },
        () => {},
      );
    });
    $effect(() =>
      bridge.on((event) => {
        if (event.kind !== 'keeping') return;
        this.folders = this.folders.map((folder) =>
          folder.id === event.folder && folder.keeps !== null
            ? { ...folder, keeps: { ...folder.keeps, state: event.state } }
            : folder,
        );
      }),
    );
  }

  /** Keeps a folder up to date by these choices; null: no longer. @returns whether that is done */
  async keep({ path, name }: KeptFolder, choices: MetadataChoices | null): Promise<boolean> {
    const done = await outcomes.try(() => ask('metadata.keep', { path, choices }));
    if (done !== null && choices === null)
      outcomes.did(done.entry, done.entry === null ? 'keep.ended' : 'keep.stays', { name });
    return done !== null;
  }
}
