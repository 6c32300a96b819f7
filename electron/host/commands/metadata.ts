import type { Command } from 'commander';
import type { End } from '../output.ts';
import { addMetadataKeep } from './metadata-keep.ts';
import { addMetadataRead } from './metadata-read.ts';
import { addMetadataUndo } from './metadata-undo.ts';
import { addMetadataWrite } from './metadata-write.ts';

/** Names in photos' metadata. */
export function addMetadata(program: Command, end: End): void {
  const metadata = program
    .command('metadata')
    .summary("write names into photos' metadata, and take the names that are there")
    .description(
      "Writes names into photos' metadata, so that digiKam, Lightroom, Immich, PhotoPrism and others know them too; and takes the names that others wrote.",
    )
    .addHelpText(
      'after',
      `
Examples:
  kith metadata write ~/Photos --dry-run       say what would be written, file by file
  kith metadata write ~/Photos                 write the names into sidecars, photo.jpg.xmp
  kith metadata write ~/Photos --into file     write them into the photos; originals are kept
  kith metadata keep ~/Photos                  and write them again whenever they change
  kith metadata undo                           take the last writing back
  kith metadata read ~/Photos --dry-run        say which names other programs wrote
  kith metadata read ~/Photos                  take them, and find the rest`,
    );
  for (const add of [addMetadataWrite, addMetadataKeep, addMetadataUndo, addMetadataRead]) add(metadata, end);
}
