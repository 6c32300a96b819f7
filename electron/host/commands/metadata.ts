import type { Command } from 'commander';
import type { End } from '../output.ts';
import { addMetadataRead } from './metadata-read.ts';

/** Names in photos' metadata. */
export function addMetadata(program: Command, end: End): void {
  const metadata = program
    .command('metadata')
    .summary("take names from photos' metadata")
    .description("Takes the names from photos' metadata that other programs wrote there.")
    .addHelpText(
      'after',
      `
Examples:
  kith metadata read ~/Photos --dry-run        say which names would be taken from the photos
  kith metadata read ~/Photos                  take them, and find the rest`,
    );
  for (const add of [addMetadataRead]) add(metadata, end);
}
