import { findPerl } from '../../electron/metadata/tool.ts';

/** Why tests with ExifTool can't run here; null: they can. */
export const NO_PERL = lacking();

function lacking(): string | null {
  try {
    findPerl();
    return null;
  } catch (error) {
    return `skipped: ${error instanceof Error ? error.message : error}`;
  }
}
