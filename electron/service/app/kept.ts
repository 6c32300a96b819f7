import { KithError } from '../../contract/errors.ts';
import type { FolderId } from '../../contract/ids.ts';
import type { MetadataChoices } from '../../contract/metadata.ts';
import type { Library } from '../../library/open.ts';
import { formsOf } from '../../metadata/forms.ts';

// What may be done by hand with the metadata of a folder that is kept up to date.

/** What is kept of a folder's metadata; null: it is not kept up to date. @throws KithError folder-kept by other choices */
export function keptAlready(
  { keptMetadata, metadata }: Library,
  folder: FolderId,
  asked: MetadataChoices,
): MetadataChoices | null {
  const kept = keptMetadata.all().get(folder);
  if (kept === undefined) return null;
  const isSame =
    kept.into === asked.into && kept.sure === asked.sure && String(formsOf(kept)) === String(formsOf(asked));
  if (isSame) return kept;
  throw new KithError('folder-kept', metadata.folders().find(({ id }) => id === folder)!.path);
}

/** @throws KithError folder-kept where one of these folders is kept up to date */
export function requireNotKept({ keptMetadata, metadata }: Library, folders: readonly FolderId[]): void {
  const kept = keptMetadata.all();
  const one = metadata.folders().find(({ id }) => folders.includes(id) && kept.has(id));
  if (one !== undefined) throw new KithError('folder-kept', one.path);
}
