import { z } from 'zod';
import type { Failure } from './errors.ts';
import { EntryId, FaceId, FolderId } from './ids.ts';
import { KeepState } from './metadata.ts';
import { Ledger } from './people.ts';
import { RecommendedDownload } from './recommended.ts';
import { ScanState } from './screens.ts';

/** What the service tells every page without being asked. */
export const ServiceEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scan'), state: ScanState }),
  /** Faces that a scan has just found. */
  z.object({ kind: z.literal('found'), faces: z.array(FaceId) }),
  /** Lists that are not what they were: ask again where you show them. */
  z.object({
    kind: z.literal('changed'),
    what: z.array(
      z.enum(['people', 'groups', 'photos', 'faces', 'journal', 'models', 'settings', 'folders', 'names']),
    ),
  }),
  /** Groups that were there have changed: by photos that came, or since faces are compared by another `method` now. */
  z.object({
    kind: z.literal('grown'),
    entry: EntryId,
    groups: z.number().int(),
    why: z.enum(['photos', 'method']),
  }),
  /** What a name brought, once the faces were at hand. */
  z.object({ kind: z.literal('ledger'), ledger: Ledger }),
  /** How far a download, an import, an export or a writing of names into metadata is; `rate` in units a second. */
  z.object({
    kind: z.literal('work'),
    work: z.enum(['download', 'import', 'export', 'metadata']),
    what: z.string(),
    done: z.number(),
    total: z.number().nullable(),
    rate: z.number(),
  }),
  /** How far the metadata of a folder's photos is that is kept up to date. */
  z.object({ kind: z.literal('keeping'), folder: FolderId, state: KeepState }),
  /** How far the download of the recommended models is. */
  z.object({ kind: z.literal('recommended'), download: RecommendedDownload }),
]);
export type ServiceEvent = z.infer<typeof ServiceEvent>;

/** What a transport sends back; `position`: see `App.position`. */
export type Reply =
  | { ok: true; result: unknown; position?: number | undefined }
  | { ok: false; failure: Failure; position?: number | undefined };
