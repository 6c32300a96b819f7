import { type ErrorCode, KithError } from '../contract/errors.ts';
import { type ScanOptions, type ScanOutcome, scan } from './scan.ts';

/** Why a folder can't be looked at: most often its disk is not connected. */
const OUT_OF_REACH: readonly string[] = [
  'folder-missing',
  'folder-is-a-file',
  'folder-unreadable',
] satisfies ErrorCode[];

export interface FoldersOptions extends Omit<ScanOptions, 'folder'> {
  /** Whether a folder that is out of reach is passed over. */
  passesOver: boolean;
  /** Called before each folder. */
  onFolder: (path: string) => void;
}

/**
 * Scans folders, one after the other.
 *
 * @param folders at least one; absolute paths
 * @returns what came of the last one
 * @throws KithError as {@link scan} does
 */
export async function scanFolders(
  folders: readonly string[],
  { passesOver, onFolder, ...options }: FoldersOptions,
): Promise<ScanOutcome> {
  let outcome: ScanOutcome | null = null;
  for (const folder of folders) {
    onFolder(folder);
    try {
      outcome = await scan({ ...options, folder });
    } catch (error) {
      if (!passesOver || !(error instanceof KithError) || !OUT_OF_REACH.includes(error.code)) throw error;
    }
  }
  return outcome ?? { folder: options.library.files.folder(folders[0]!), passedOver: [] };
}
