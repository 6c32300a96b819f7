import { z } from 'zod';
import { line, MOST_IDS, Path } from './bounds.ts';
import { DetectorId, EncoderId, FolderId, GroupId, PersonId, PhotoId } from './ids.ts';
import { done, nothing, page, paging, request } from './request-parts.ts';
import { FolderGroups, FoundPerson, NamedExample, TaggedFolder } from './results.ts';
import { FolderCard, PhotoCard, PhotoDetail, ScanState, UnreadableFile } from './screens.ts';
import { Shot } from './vision.ts';

/** A folder that is scanned, and its answer waited for; by other models than those in use where they are named. */
const FolderWork = z.object({
  path: Path,
  detector: DetectorId.optional(),
  encoder: EncoderId.optional(),
});

/** A folder that is looked at; `home`: the user's own. */
const BrowsedFolder = z.object({ name: z.string(), path: z.string(), home: z.boolean() });

/** Which photos: of a folder, those that a person is on, or all. */
const photosOf = { folder: FolderId.optional(), person: PersonId.optional() };

/** Folders, scans and photos. */
export const folderRequests = {
  'folders.list': request(nothing, z.array(FolderCard)),
  /**
   * Takes a folder out of the library: photos that lie nowhere else leave all lists of photos. No file is touched, and the
   * record keeps their faces with all that the user said of them, as for files that were moved: adding the folder again
   * brings them back. Gives how many photos left.
   */
  'folders.remove': request(z.object({ id: FolderId }), z.object({ photos: z.number().int() })),
  /** Folders in a folder, for hosts without a dialog; null: the places to begin with. */
  'folders.browse': request(
    z.object({ path: Path.nullable() }),
    z.object({
      path: z.string().nullable(),
      parent: z.string().nullable(),
      /** Photos that lie right here, by their names. */
      photos: z.number().int(),
      /** From the place to begin with down to this folder. */
      crumbs: z.array(BrowsedFolder),
      entries: z.array(BrowsedFolder.extend({ photos: z.number().int() })),
    }),
  ),
  /**
   * Folders of this name, in the home folder and on drives, that hold these files: where a dropped folder lies. Each
   * file is named by its path within the folder; sizes are bytes.
   */
  'folders.find': request(
    z.object({ name: Path, files: z.array(z.object({ name: Path, size: z.number() })).max(50) }),
    z.array(z.string()),
  ),
  /** Makes the sample album where it is not there yet, and says in which folder it is. */
  'folders.sample': request(nothing, z.object({ path: z.string() })),

  'scan.start': request(z.object({ path: Path }), ScanState),
  'scan.state': request(nothing, ScanState.nullable()),
  'scan.pause': request(nothing, nothing),
  'scan.resume': request(nothing, nothing),
  'scan.cancel': request(nothing, nothing),
  /**
   * Brings the whole library over to the models in use, in the background, once the scan that runs is done. Does nothing
   * more where that is cancelled: the next scan brings the library over then.
   */
  'scan.bringOver': request(nothing, nothing),

  /** Scans a folder, brings the library over to this encoder, groups, and gives what the folder holds. */
  'folder.group': request(FolderWork, FolderGroups),
  /** The same; then each example gets its name, and so does each face of which Kith is sure by these. */
  'folder.tag': request(
    FolderWork.extend({ examples: z.array(NamedExample).min(1).max(MOST_IDS) }),
    TaggedFolder,
  ),
  /** The faces of a folder that are, or may be, the person's on one of its photos, the best first. Nothing is named. */
  'folder.find': request(FolderWork.extend({ photo: Path }), FoundPerson),

  'photos.list': request(z.object({ ...paging, ...photosOf }), page(PhotoCard)),
  /** How many photos of that list were taken in which month, in its order. Those without a date are the last. */
  'photos.months': request(
    z.object(photosOf),
    z.array(
      z.object({
        /** `YYYY-MM` */
        month: z.string().nullable(),
        photos: z.number().int(),
      }),
    ),
  ),
  'photos.get': request(z.object({ id: PhotoId }), PhotoDetail),
  /**
   * Where a photo stands among those of a person or of a group, in the order of the lists; `at` from 1. Where it is none of
   * them (any more), `at` is null, and its neighbours are those that it would stand between.
   */
  'photos.beside': request(
    z.object({ id: PhotoId, person: PersonId.optional(), group: GroupId.optional() }),
    z.object({
      previous: PhotoId.nullable(),
      next: PhotoId.nullable(),
      at: z.number().int().nullable(),
      of: z.number().int(),
    }),
  ),
  /** Photos of the library that a file of this name and size holds: which one was dropped on the page. */
  'photos.find': request(z.object({ name: Path, bytes: z.number().int() }), z.array(PhotoId)),
  /** Read from the file when it is asked for. */
  'photos.shot': request(z.object({ id: PhotoId }), Shot),
  'photos.unreadable': request(z.object({ ...paging }), page(UnreadableFile)),
  /** A mirror or a collage: one person may be on it more than once. */
  'photos.several': request(z.object({ id: PhotoId, several: z.boolean() }), done),
  /**
   * Puts somebody on a photo of whom no face can be seen there: the person of that name, or a new one. `bad-request` where a
   * face of the photo is that person's, or where the person was put there already.
   */
  'photos.putPerson': request(
    z.object({ id: PhotoId, name: line('a name') }),
    done.extend({ person: z.object({ id: PersonId, name: z.string() }) }),
  ),
  /** Takes somebody off a photo who was put there. */
  'photos.takePerson': request(z.object({ id: PhotoId, person: PersonId }), done),
} as const;
